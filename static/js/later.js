// What a list of papers needs only when it is wanted is loaded then: the keyboard, rows that open,
// the bar for a thumb, copying, the filter. No module imports this one: what it loads imports the
// others, and static files cannot be named after their contents in a circle.

import { findRead, forCards } from "./cards.js";
import { read, write } from "./store.js";

// The keys pressed before they had come are pressed again.
const early = [];
let keys = null;
const loadKeys = () =>
  (keys ??= import("./keys.js").then((found) => {
    removeEventListener("keydown", wait);
    early.forEach(found.press);
    return found;
  }));
function wait(event) {
  early.push(event);
  loadKeys();
}
addEventListener("keydown", wait);
addEventListener("mousemove", loadKeys, { once: true });
for (const button of document.querySelectorAll("[data-keys-open]")) {
  button.hidden = false;
  button.addEventListener("click", async () => (await loadKeys()).show());
}

forCards((cards) => {
  for (const card of cards) {
    const button = card.querySelector("[data-copy]");
    if (button) button.hidden = false;
  }
});

// The other view begins at the paper that is read here.
const SHOWN = 25;
function keepPlace(link) {
  const card = scrollY > 40 && findRead();
  if (!card) return;
  const address = new URL(link.href);
  const place = Number(card.querySelector(".place")?.textContent.replace(/\D/g, "")) - 1;
  const pages = link.dataset.view === "abstracts" ? Math.floor(place / SHOWN) * SHOWN : 0;
  if (pages > 0) address.searchParams.set("skip", pages);
  address.hash = card.id;
  link.href = address;
}

const takeRow = (event) => {
  if (event.target.closest?.(".row")) import("./rows.js").then((rows) => rows.take(event));
};
document.addEventListener("toggle", takeRow, true);

document.addEventListener("click", (event) => {
  const { target } = event;
  const view = target.closest("[data-view]");
  if (view) {
    write("view", view.dataset.view);
    keepPlace(view);
  }
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  takeRow(event);
  if (target.closest(".bar [data-kept]")) {
    event.preventDefault();
    import("./panel.js").then((panel) => panel.toggle());
  }
  const wanted = target.closest("[data-card] :is([data-copy], [data-cite])");
  if (!wanted) return;
  event.preventDefault();
  import("./copy.js").then((copying) => copying.act(wanted));
});

const touch = matchMedia("(pointer: coarse) and (max-width: 48rem)");
// One paper alone has none before or after it.
if (touch.matches && document.querySelector(".card")) import("./thumb.js");

const filterButton = document.querySelector("[data-filter-open]");
if (filterButton) {
  const load = () => import("./filter.js");
  filterButton.hidden = false;
  filterButton.addEventListener("pointerenter", load, { once: true });
  // Opened once what answers it has come, so that nothing typed meanwhile is lost.
  const open = async (event) => {
    event.preventDefault();
    filterButton.removeEventListener("click", open);
    await load();
    document.querySelector("[data-filter]").showPopover();
  };
  filterButton.addEventListener("click", open);
  if (read("filter")) load();
}
