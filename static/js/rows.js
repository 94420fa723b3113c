// Rows of titles open in place or, on a wide screen, in the pane beside the list, one at a time.

const root = document.documentElement;
const wide = matchMedia("(min-width: 80rem)");
const foldOf = (card) => card?.querySelector(":scope > details");
const listOpen = () => [...document.querySelectorAll(".row > details[open]")];

// Whether what is opened stands in the pane.
export const isPaned = () => "pane" in root.dataset && wide.matches;
export const isOpen = () => listOpen().length > 0;

export function open(card) {
  const fold = foldOf(card);
  if (!fold || fold.open) return;
  fold.open = true;
  arrange(fold);
}

// Open what is closed and the other way round; an abstract's card has its authors alone to open.
export function toggle(card) {
  const fold = foldOf(card) ?? card?.querySelector(".authors details");
  if (!fold) return;
  fold.open = !fold.open;
  arrange(fold);
}

// Close what is open in a card or, in the pane, at all. The card that was open, if any.
export function close(card) {
  const fold = [foldOf(card), ...(isPaned() ? listOpen() : [])].find((one) => one?.open);
  if (fold) fold.open = false;
  if (fold) arrange(fold);
  return fold?.parentElement;
}

// In the pane one paper stands alone, under its title.
function arrange(fold) {
  if (!fold.matches(".row > details")) return;
  fold.parentElement.toggleAttribute("data-unfolded", fold.open);
  if (!fold.open) return;
  const place = fold.querySelector(".unfolded");
  if (!place.querySelector(".title")) {
    const title = document.createElement("p");
    title.className = "title";
    title.setAttribute("aria-hidden", "true");
    const text = fold.parentElement.querySelector("h3 a").cloneNode(true);
    title.append(...text.childNodes);
    place.prepend(title);
  }
  if (!isPaned()) return;
  for (const other of listOpen()) {
    if (other === fold) continue;
    other.open = false;
    arrange(other);
  }
}

// What was clicked in a row or opened by the browser, as it does for a word that is sought in the
// page. A row opens wherever it is clicked that does nothing else.
export function take({ type, target }) {
  if (type === "toggle") return arrange(target);
  const card = target.closest(".row");
  const summary = target.closest(".row > details > summary");
  if (summary) return arrange(summary.parentElement);
  if (target.closest("a, button, summary, details, input")) return;
  if (!String(getSelection())) toggle(card);
}

wide.addEventListener("change", () => listOpen().slice(0, 1).forEach(arrange));
