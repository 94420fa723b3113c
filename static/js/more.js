// More papers as one scrolls: the next page's cards, asked for three screens ahead. The address
// names the page that is read, and the history which paper, so that reload and back return to it.

import { announceCards, findRead, idOf, listCards, say, words } from "./cards.js";

const SLOW = 400;
let loading = false;
let failed = false;

// Only a list with sections is also given in parts.
const pager = () => document.querySelector("[data-section] ~ [data-pager]");

const watcher = new IntersectionObserver(
  (entries) => entries.some((entry) => entry.isIntersecting) && load(),
  { rootMargin: "300% 0px" },
);

async function load() {
  const next = pager()?.querySelector("[rel=next]");
  if (!next || loading || failed) return;
  loading = true;
  const slow = setTimeout(() => (next.textContent = words.loading), SLOW);
  const name = next.textContent;
  try {
    const page = new URL(next.href);
    const answer = await fetch(`${page.pathname}/more${page.search}`);
    if (!answer.ok) throw new Error(answer.status);
    add(new DOMParser().parseFromString(await answer.text(), "text/html"), page);
  } catch {
    failed = true;
    next.textContent = name;
    say(words.failed, [[words.again, () => ((failed = false), load())]]);
  } finally {
    clearTimeout(slow);
    loading = false;
  }
  // The observer speaks only of changes: the new pager may already be near.
  watch();
}

function add(page, address) {
  const fresh = [];
  for (const part of page.querySelectorAll("[data-section]")) {
    const cards = listCards(part).filter((card) => !document.getElementById(card.id));
    for (const card of cards) card.dataset.page = address.search;
    fresh.push(...cards);
    const own = document.querySelector(`[data-section="${CSS.escape(part.dataset.section)}"]`);
    if (own) (own.querySelector(":scope > details") ?? own).append(...cards);
    else pager().before(document.importNode(part, true));
  }
  const next = page.querySelector("[data-pager] [rel=next]");
  const range = page.querySelector("[data-pager] .range");
  const old = pager().querySelector("[rel=next]");
  if (next) old.href = next.getAttribute("href");
  if (next) old.replaceChildren(...next.childNodes);
  else old.remove();
  // It begins where the page does.
  const said = pager().querySelector(".range");
  if (range) said.textContent = range.textContent.replace(/[\d,]+/, /[\d,]+/.exec(said.textContent)[0]);
  announceCards(fresh.map((card) => document.getElementById(card.id)));
}

function watch() {
  watcher.disconnect();
  if (pager()) watcher.observe(pager());
}

// Where one is: the card under the bar, kept while one scrolls.
const first = location.search;
let planned = 0;

function note() {
  planned = 0;
  const card = findRead();
  if (!card) return;
  const offset = Math.round(card.getBoundingClientRect().top);
  // The current paper, which current.js notes, stays noted.
  const place = { ...history.state, id: scrollY < 40 ? null : idOf(card), offset };
  history.scrollRestoration = place.id ? "manual" : "auto";
  const search = card.dataset.page ?? first;
  // An address may have led to a paper; one has gone on since.
  const hash = location.hash.startsWith("#p") ? "" : location.hash;
  history.replaceState(place, "", location.pathname + search + hash);
}

addEventListener("scroll", () => (planned ||= setTimeout(note, 250)), { passive: true });
addEventListener("pagehide", () => planned && note());

function comeBack() {
  const place = history.state;
  const card = place?.id && document.getElementById(`p${place.id}`);
  if (!card) return;
  const fold = card.closest("details.fold");
  if (fold) fold.open = true;
  const jump = () => scrollBy({ top: card.getBoundingClientRect().top - place.offset, behavior: "instant" });
  jump();
  // Cards above may have been laid out by guess until now.
  requestAnimationFrame(jump);
}

if (listCards().length) comeBack();
watch();
