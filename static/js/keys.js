// The keyboard: j k o s p r c v / u g ?, and the switch that turns single letters off.
// Nothing is taken from the browser: no key with Ctrl, Alt or Meta, none while one types.

import { listCards } from "./cards.js";
import { read, write } from "./store.js";
import { toggle, undo } from "./stars.js";

const help = document.querySelector("[data-keys]");
let current = null;
let going = 0;

const isSeen = (card) => card.checkVisibility?.() ?? card.offsetParent !== null;

function find(step) {
  const cards = listCards();
  const at = cards.indexOf(current);
  for (let i = at < 0 ? start(cards, step) : at + step; cards[i]; i += step) {
    if (isSeen(cards[i])) return cards[i];
  }
  return null;
}

// Without a current paper: the first one that begins on the screen.
function start(cards, step) {
  const at = cards.findIndex((card) => isSeen(card) && card.getBoundingClientRect().top >= 44);
  return at < 0 ? cards.length - 1 : Math.max(0, step > 0 ? at : at - 1);
}

export function choose(card) {
  if (!card) return;
  current?.removeAttribute("data-current");
  current = card;
  card.dataset.current = "";
  card.querySelector("h3 a").focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
}

const click = (selector) => (current ?? find(1))?.querySelector(selector)?.click();

function open() {
  const card = current ?? find(1);
  const fold = card?.querySelector(":scope > details, .authors details");
  if (fold) fold.open = !fold.open;
}

const move = (step) => {
  const from = current;
  const to = find(step);
  choose(to);
  if (step > 0 && from) document.dispatchEvent(new CustomEvent("passed", { detail: from }));
  if (step > 0 && !to) document.querySelector("[data-pager] [rel=next]")?.focus();
};
const go = (selector) => document.querySelector(selector)?.click();

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: open,
  s: () => (current ?? find(1)) && toggle(current ?? find(1)),
  p: () => click(".ways [data-pdf], .ways a"),
  r: () => click("[data-related]"),
  c: () => click("[data-copy]"),
  v: () => go(".views a:not([aria-current])"),
  "/": () => document.getElementById("query")?.focus(),
  u: undo,
  g: () => (going = Date.now()),
  "?": () => help?.showModal(),
};
const PLACES = {
  h: () => location.assign(`${document.documentElement.dataset.root ?? ""}/`),
  s: () => location.assign(`${document.documentElement.dataset.root ?? ""}/stars`),
  p: () => go(".bar [rel=prev]"),
  n: () => go(".bar [rel=next]"),
};

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.isComposing || help?.open) return;
  const focus = event.target;
  if (focus instanceof Element && focus.closest("textarea, select, [contenteditable]")) return;
  if (focus instanceof HTMLInputElement && !/^(checkbox|radio|button|submit)$/.test(focus.type)) return;
  if (event.key === "Escape") {
    const fold = (focus.closest?.("[data-card]") ?? current)?.querySelector(":scope > details[open]");
    if (fold) fold.open = false;
    return;
  }
  // What turned them off turns them on: the button in the foot of the page.
  if (read("keysOff", false)) return;
  const act = Date.now() - going < 1500 ? PLACES[event.key] : KEYS[event.key];
  if (event.key !== "g") going = 0;
  if (!act || (event.repeat && !"jk".includes(event.key))) return;
  event.preventDefault();
  act();
});

document.addEventListener("focusin", (event) => {
  const card = event.target.closest("[data-card]");
  if (!card || card === current) return;
  current?.removeAttribute("data-current");
  current = card;
  card.dataset.current = "";
});

// A row of titles opens wherever it is clicked that does nothing else.
document.addEventListener("click", (event) => {
  const fold = event.target.closest(".row")?.querySelector(":scope > details");
  if (!fold || event.target.closest("a, button, summary, details, input")) return;
  if (!String(getSelection())) fold.open = !fold.open;
});

for (const link of document.querySelectorAll("[data-view]")) {
  link.addEventListener("click", () => write("view", link.dataset.view));
}

const letters = document.querySelector("[data-keys-switch]");
if (letters) {
  letters.checked = !read("keysOff", false);
  letters.addEventListener("change", () => write("keysOff", letters.checked ? null : true));
}
const hiding = document.querySelector("[data-hide-seen]");
if (hiding) {
  hiding.checked = read("hideSeen", false);
  hiding.addEventListener("change", () => write("hideSeen", hiding.checked || null));
}
for (const button of document.querySelectorAll("[data-keys-open]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}
