// The filter of the page: over the whole listing by its pack, asked for when first needed.
// Kept under "filter": {include, how, exclude, author, kind, rest}.

import { keepBelow } from "./below.js";
import { describe, fill, findRead, forCards, idOf, listCards, words } from "./cards.js";
import { read, write } from "./store.js";

const form = document.querySelector("[data-filter]");
const told = document.querySelector("[data-filtered]");
const bar = document.querySelector("[data-pack]");
const root = document.documentElement;
// Under the bar.
const BELOW = 60;
let pack = null;
let asked = null;
let filter = null;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const lines = (text) => String(text ?? "").split(/[\n,]/).map((one) => one.trim()).filter(Boolean);

function compile(kept) {
  if (!kept || typeof kept !== "object") return null;
  const include = lines(kept.include);
  const exclude = lines(kept.exclude);
  const author = lines(kept.author);
  const kinds = Array.isArray(kept.kind) ? kept.kind.map(Number) : [1, 2, 3];
  if (![...include, ...exclude, ...author].length && kinds.length > 2) return null;
  return {
    include: include.map(fold), exclude: exclude.map(fold), author: author.map(fold), kinds,
    said: [...include, ...author],
    all: kept.how === "all", hide: kept.rest !== "show",
  };
}

function matches(text, kind, by) {
  const { include, exclude, author, kinds, all } = filter;
  if (!kinds.includes(kind) || exclude.some((one) => text.includes(one))) return false;
  if (author.length && !author.some((one) => by.includes(one))) return false;
  return !include.length || include[all ? "every" : "some"]((one) => text.includes(one));
}

const texts = new Map();

function textOf(card) {
  const id = idOf(card);
  if (!texts.has(id)) {
    const { title, authors, abstract } = describe(card);
    const kind = Number(card.closest("[data-kind]")?.dataset.kind ?? 1);
    texts.set(id, [fold(`${title}\n${authors}\n${abstract}`), kind, fold(authors)]);
  }
  return texts.get(id);
}

function apply(cards = listCards()) {
  for (const card of cards) {
    const fits = !filter || matches(...textOf(card));
    for (const [mark, wanted] of [["data-out", !fits && filter.hide], ["data-in", filter && fits && !filter.hide]]) {
      if (card.hasAttribute(mark) !== Boolean(wanted)) card.toggleAttribute(mark);
    }
  }
  for (const section of document.querySelectorAll(".papers")) {
    const inside = listCards(section);
    section.hidden = Boolean(filter?.hide) && inside.every((card) => card.hasAttribute("data-out"));
  }
  // What is found is marked once it has been shown.
  requestAnimationFrame(() => setTimeout(highlight));
  count();
  delete root.dataset.settling;
}

function count() {
  told.hidden = !filter;
  if (!filter || !pack) return;
  const shown = pack.filter(([id]) => matches(...texts.get(id))).length;
  told.querySelector("[data-shown]").textContent = fill(words.shown, { shown, total: pack.length });
}

// The words found are marked without a change to the page.
function highlight() {
  if (!CSS.highlights) return;
  CSS.highlights.delete("filter");
  if (!filter?.said.length) return;
  const wanted = filter.said.map((one) => one.toLowerCase());
  const ranges = [];
  for (const card of listCards()) {
    if (card.hasAttribute("data-out")) continue;
    for (const part of card.querySelectorAll("h3, .authors, .abstract")) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        const text = node.data.toLowerCase();
        if (text.length !== node.data.length) continue;
        for (const word of wanted) {
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            const range = new StaticRange({
              startContainer: node, startOffset: at, endContainer: node, endOffset: at + word.length,
            });
            ranges.push(range);
          }
        }
      }
    }
  }
  CSS.highlights.set("filter", new Highlight(...ranges));
}

function ask() {
  asked ??= fetch(bar.dataset.pack)
    .then((answer) => answer.json())
    .then(({ papers }) => {
      for (const [id, title, authors, abstract, kind] of papers) {
        texts.set(id, [fold(`${title}\n${authors}\n${abstract}`), kind, fold(authors)]);
      }
      pack = papers;
    })
    .catch(() => (asked = null));
  return asked;
}

async function set(kept) {
  filter = compile(kept);
  if (filter && !pack) await ask();
  apply();
}

function readForm() {
  const data = new FormData(form);
  return { ...Object.fromEntries(data), kind: data.getAll("kind") };
}

function show(kept) {
  form.reset();
  for (const [name, value] of Object.entries(kept ?? {})) {
    const field = form.elements[name];
    if (name === "kind") for (const box of field) box.checked = [].concat(value).includes(box.value);
    else if (field) field.value = value;
  }
}

function clear() {
  write("filter", null);
  show(null);
  return set(null);
}

// What is read stays where it is; where that is hidden, the next paper that is shown stands there.
async function stay(change) {
  const read = scrollY > 40 ? findRead() : null;
  const top = read?.getBoundingClientRect().top;
  await change();
  if (!read) return;
  const cards = listCards();
  const at = cards.indexOf(read);
  const fits = (card) => !card.hasAttribute("data-out");
  const to = cards.slice(at).find(fits) ?? cards.slice(0, at).findLast(fits);
  const wanted = to === read ? top : BELOW;
  const jump = () => to && scrollBy({ top: to.getBoundingClientRect().top - wanted, behavior: "instant" });
  jump();
  // Cards around may have been laid out by guess until now.
  requestAnimationFrame(() => (jump(), requestAnimationFrame(jump)));
}

if (form) {
  const kept = read("filter");
  show(kept);
  keepBelow(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = readForm();
    write("filter", compile(chosen) ? chosen : null);
    form.hidePopover?.();
    stay(() => set(chosen));
  });
  form.querySelector("[type=reset]").addEventListener("click", (event) => {
    event.preventDefault();
    stay(clear);
    form.hidePopover?.();
  });
  told.querySelector("button").addEventListener("click", () => stay(clear));
  // What is typed next is meant for it; on a phone the keyboard would cover half of it.
  form.addEventListener("toggle", ({ newState }) => {
    if (newState === "open" && matchMedia("(pointer: fine)").matches) form.elements.include.focus();
  });
  forCards((cards) => filter && apply(cards));
  if (compile(kept)) set(kept);
  else ask();
}
