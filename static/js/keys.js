// The keyboard: j k o s p r c v / u g ?, and the switch that turns single letters off. Loaded with
// the first key or move of a mouse. Nothing is taken from the browser: no key with Ctrl, Alt or
// Meta, none while one types.

import { choose, move, wanted } from "./current.js";
import { close, isOpen, isPaned, open, toggle as unfold } from "./rows.js";
import { read, write } from "./store.js";
import { toggle, undo } from "./stars.js";

const help = document.querySelector("[data-keys]");
let going = 0;

// What is open in the pane goes along.
function walk(step) {
  const along = isPaned() && isOpen();
  const to = move(step);
  if (along && to) open(to);
}

const click = (selector) => wanted()?.querySelector(selector)?.click();
const go = (selector) => document.querySelector(selector)?.click();

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  o: () => unfold(wanted()),
  s: () => wanted() && toggle(wanted()),
  p: () => click(".ways [data-pdf]"),
  r: () => click("[data-related]"),
  c: () => click("[data-copy]"),
  v: () => go(".views a:not([aria-current])"),
  "/": () => document.getElementById("query")?.focus(),
  u: undo,
  g: () => (going = Date.now()),
  "?": () => show(),
};
const PLACES = {
  h: () => location.assign(`${document.documentElement.dataset.root ?? ""}/`),
  s: () => location.assign(`${document.documentElement.dataset.root ?? ""}/stars`),
  p: () => go(".bar [rel=prev]"),
  n: () => go(".bar [rel=next]"),
};

export function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.isComposing || help?.open) return;
  const focus = event.target;
  if (focus instanceof Element && focus.closest("textarea, select, [contenteditable]")) return;
  if (focus instanceof HTMLInputElement && !/^(checkbox|radio|button|submit)$/.test(focus.type)) return;
  if (event.key === "Escape") {
    choose(close(focus.closest?.("[data-card]") ?? wanted()));
    return;
  }
  // What turned them off turns them on: the button in the foot of the page.
  if (read("keysOff", false)) return;
  const act = Date.now() - going < 1500 ? PLACES[event.key] : KEYS[event.key];
  if (event.key !== "g") going = 0;
  if (!act || (event.repeat && !"jk".includes(event.key))) return;
  event.preventDefault();
  act();
}

addEventListener("keydown", press);

export const show = () => help?.showModal();

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
