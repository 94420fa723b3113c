// What is starred of the list on the page, opened from the star in the bar: to give stars back, and
// to take out just these papers.

import { keepBelow } from "./below.js";
import { idOf, listCards, say, words } from "./cards.js";
import { put } from "./stars.js";
import { readObject } from "./store.js";

const template = document.querySelector("[data-panel]");
const panel = template.content.firstElementChild.cloneNode(true);
const find = (name) => panel.querySelector(`[data-${name}]`);
const root = document.documentElement.dataset.root ?? "";
const opener = document.querySelector(".bar [data-kept]");
const pack = document.querySelector("[data-pack]")?.dataset.pack;
// What stands in the panel as long as it is open, starred or no longer.
let shown = new Map();
let asked = null;

// The identifiers of the whole list; those on the page where it has no pack.
async function listAll() {
  const here = listCards().map(idOf);
  if (!pack) return here;
  asked ??= fetch(pack).then((answer) => answer.json()).catch(() => (asked = null));
  return [...new Set([...here, ...((await asked)?.papers ?? []).map(([id]) => id)])];
}

function makeLine([id, star]) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = document.getElementById(`p${id}`) ? `#p${id}` : `${root}/arxiv/${id}`;
  link.textContent = star.title || id;
  if (link.hash) link.addEventListener("click", () => go(id));
  const button = document.querySelector("[data-star-button]").content.firstElementChild.cloneNode(true);
  button.setAttribute("aria-label", `${words.star}: ${link.textContent}`);
  button.dataset.id = id;
  button.addEventListener("click", () => put(id, id in readObject("stars") ? null : star));
  line.append(link, button);
  return line;
}

function go(id) {
  const fold = document.getElementById(`p${id}`).closest("details.fold");
  if (fold) fold.open = true;
  panel.hidePopover();
}

function refresh() {
  const stars = readObject("stars");
  for (const button of panel.querySelectorAll("[data-id]")) {
    button.setAttribute("aria-pressed", String(button.dataset.id in stars));
  }
  const ids = [...shown.keys()].filter((id) => id in stars);
  find("here").textContent = ids.length || "";
  find("none").hidden = shown.size > 0;
  find("some").hidden = !ids.length;
  const address = `${location.origin}${root}/arxiv/${ids.join()}`;
  find("bib").href = `${address}.bib`;
  find("ris").href = `${address}.ris`;
  find("link").href = address;
  find("all").textContent = Object.keys(stars).length;
}

function fillIn(ids) {
  const stars = readObject("stars");
  const fresh = ids.filter((id) => id in stars && !shown.has(id)).map((id) => [id, stars[id]]);
  shown = new Map([...shown, ...fresh]);
  find("list").append(...fresh.map(makeLine));
  refresh();
}

find("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(find("link").href);
    say(words.copied);
  } catch {
    say(words.uncopied);
  }
});
document.addEventListener("stars", refresh);
keepBelow(panel);
// The keyboard goes in with it, and comes back.
panel.addEventListener("toggle", ({ newState }) => {
  opener.setAttribute("aria-expanded", String(newState === "open"));
  if (newState === "open") panel.focus();
  else if (panel.contains(document.activeElement) || document.activeElement === document.body) {
    opener.focus({ preventScroll: true });
  }
});

// A press beside an open panel closes it, also one on what opens it: that click does no more.
let pressed = false;
opener.addEventListener("pointerdown", () => (pressed = panel.matches(":popover-open")));

export function toggle() {
  if (panel.matches(":popover-open")) return panel.hidePopover();
  if (pressed) return (pressed = false);
  if (!panel.isConnected) template.after(panel);
  shown = new Map();
  find("list").replaceChildren();
  fillIn(listCards().map(idOf));
  panel.showPopover();
  if (shown.size < Object.keys(readObject("stars")).length) listAll().then(fillIn);
}
