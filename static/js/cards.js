// The papers on the page, what is said of them, and a line that tells what happened.

const template = document.querySelector("[data-words]");
export const words = template ? template.dataset : {};

export const fill = (text, values) =>
  text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));

export const idOf = (card) => card.id.slice(1);
export const listCards = (root = document) => [...root.querySelectorAll("[data-card]")];

// Do something with every card, now and with those that come later.
export function forCards(act) {
  act(listCards());
  document.addEventListener("cards", (event) => act(event.detail));
}

// A card that has been laid out, and is far from the screen, may be left aside by the browser.
const aside = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) continue;
      target.dataset.laid = "";
      aside.unobserve(target);
    }
  },
  { rootMargin: "200% 0px" },
);
forCards((cards) => {
  setTimeout(() => cards.forEach((card) => aside.observe(card)), 300);
});

// The card that is read: the first one under the bar. Asked of the layout at a few points, since
// hundreds of cards would each have to be measured.
export function findRead() {
  const column = document.getElementById("main").getBoundingClientRect();
  for (let y = 72; y < innerHeight; y += 48) {
    const found = document.elementFromPoint(column.left + column.width / 3, y);
    const card = found?.closest("[data-card]");
    if (card) return card;
  }
  return null;
}

// Nothing is found there while boot.js keeps papers out of sight: asked again once they are seen.
export function whenSeen(act) {
  new MutationObserver(act).observe(document.documentElement, {
    attributeFilter: ["data-settling", "data-away", "data-folding"],
  });
}

export function announceCards(cards) {
  if (cards.length) document.dispatchEvent(new CustomEvent("cards", { detail: cards }));
}

const text = (node) => (node ? node.textContent.replace(/\s+/g, " ").trim() : "");

// Its title: of a card a link, of the paper's own page a heading.
export const titleOf = (card) => card.querySelector("h1, h3 a");

// A paper as plain text: what is kept, copied and filtered.
export function describe(card) {
  const title = titleOf(card);
  const names = [...card.querySelectorAll(".authors a")].filter((a) => a.search.includes("author"));
  return {
    id: idOf(card),
    title: card.dataset.title || text(title),
    authors: names.map(text).join(", "),
    abstract: text(card.querySelector(".abstract")),
    subject: text(card.querySelector(".primary")),
    url: title.href ?? location.origin + location.pathname,
  };
}

const toast = document.querySelector("[data-toast]");
let timer = 0;

// One line of status, spoken too; `ways` are buttons: [text, what it does].
export function say(message, ways = []) {
  if (!toast) return;
  clearTimeout(timer);
  toast.textContent = message;
  for (const [name, act] of ways) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", act);
    toast.append(" ", button);
  }
  timer = setTimeout(() => toast.replaceChildren(), 6000);
}

// To the page of what could not be had in place, which says why; offline there is none.
export function goTo(link) {
  if (navigator.onLine) location.assign(link.href);
  else say(words.offline);
}
