// The page of all stars: made of what lies in this browser, to be taken out and brought in.

import { announceCards, fill } from "./cards.js";
import { persist, readObject, watch, write } from "./store.js";
import { readStars, writeStars } from "./starfile.js";

const list = document.querySelector("[data-starred]");
const ways = document.querySelector("[data-starred-ways]");
const status = document.querySelector("[data-import-status]").dataset;
const LARGEST = 20_000_000;
// What a hand-picked list takes, in papers and in characters of its address.
const MOST = 500;
const LONGEST = 7_500;

function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function makeRow(id, star) {
  const title = make("a", { href: `${document.documentElement.dataset.root ?? ""}/arxiv/${id}` }, String(star.title || id));
  return make(
    "article",
    { class: "card row", id: `p${id}`, "data-card": "", "aria-labelledby": `t${id}` },
    make("h3", { id: `t${id}`, lang: "en" }, title),
    make(
      "p",
      { class: "byline" },
      make("span", { class: "names" }, String(star.authors || "")),
      " ",
      make("span", { class: "subject primary" }, String(star.subject || "")),
      " ",
      make("span", { class: "aside" }, id),
    ),
  );
}

// Lists of identifiers that fit into an address each.
function split(ids) {
  const parts = [];
  let part = [];
  let length = 0;
  for (const id of ids) {
    if (part.length === MOST || length + id.length + 1 > LONGEST) {
      parts.push(part);
      part = [];
      length = 0;
    }
    part.push(id);
    length += id.length + 1;
  }
  return part.length ? [...parts, part] : parts;
}

function showWays(ids) {
  const links = [];
  const parts = split(ids);
  let first = 1;
  for (const part of parts) {
    const which = parts.length > 1 ? ` ${first}–${first + part.length - 1}` : "";
    for (const [form, ending] of [["link", ""], ["bib", ".bib"], ["ris", ".ris"]]) {
      const href = `${document.documentElement.dataset.root ?? ""}/arxiv/${part.join()}${ending}`;
      links.push(make("a", { href, rel: "nofollow" }, ways.dataset[form] + which));
    }
    first += part.length;
  }
  ways.replaceChildren(...links);
}

function newest(stars) {
  return Object.entries(stars).sort(([, a], [, b]) => (String(a.at) < String(b.at) ? 1 : -1));
}

let shown = new Set();

function show() {
  const stars = readObject("stars");
  const entries = newest(stars);
  document.querySelector("[data-starred-count]").textContent = entries.length || "";
  document.querySelector("[data-starred-none]").hidden = entries.length > 0;
  showWays(entries.map(([id]) => id));
  // A paper whose star was just taken away stays in its place, so that it can be given back.
  const fresh = entries.filter(([id]) => !shown.has(id));
  if (!fresh.length) return;
  shown = new Set([...shown, ...Object.keys(stars)]);
  const rows = fresh.map(([id, star]) => makeRow(id, star));
  list.prepend(...rows);
  announceCards(rows);
}

function download() {
  const blob = new Blob([writeStars(readObject("stars"))], { type: "application/json" });
  const day = new Date().toISOString().slice(0, 10);
  const link = make("a", { href: URL.createObjectURL(blob), download: `stars-${day}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function bring(input) {
  const file = input.files[0];
  if (!file) return;
  const told = document.querySelector("[data-import-status]");
  const read = file.size > LARGEST ? { wrong: "size" } : readStars(await file.text());
  input.value = "";
  if (read.wrong) {
    told.textContent = fill(status[read.wrong], read);
    return;
  }
  const stars = readObject("stars");
  const fresh = Object.keys(read.stars).filter((id) => !(id in stars));
  const kept = write("stars", { ...read.stars, ...stars });
  const known = Object.keys(read.stars).length - fresh.length;
  told.textContent = kept ? fill(status.done, { new: fresh.length, known }) : status.size;
  persist();
  show();
}

for (const button of document.querySelectorAll("[data-export]")) {
  button.hidden = false;
  button.addEventListener("click", download);
}
for (const label of document.querySelectorAll("[data-import]")) {
  label.hidden = false;
  label.querySelector("input").addEventListener("change", (event) => bring(event.target));
}
document.addEventListener("stars", show);
watch("stars", show);
show();
list.dataset.ready = "";
