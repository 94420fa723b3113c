// What the reader has seen of this listing: titles turn muted, the place of the last visit is
// marked, late papers stand on top, and the day has an end.
// Kept: "seen" {day of reading: "identifier identifier …"} for a month, and "visits"
// {listing: {newest, id, place, at}}, where `id` is the furthest paper passed.

import { fill, findRead, forCards, idOf, listCards, whenSeen, words } from "./cards.js";
import { readObject, write } from "./store.js";

const DAY = 86_400_000;
const KEPT = 31;
const bar = document.querySelector("[data-listing]");
const { listing, newest } = bar.dataset;
const total = Number(bar.dataset.total);
const today = Math.floor(Date.now() / DAY);

const stored = readObject("seen");
const seen = new Set(Object.values(stored).flatMap((ids) => String(ids).split(" ")));
const fresh = new Set(String(stored[today] ?? "").split(" ").filter(Boolean));
const before = readObject("visits")[listing];
// In another order than arXiv's, a place says nothing of how far one has read.
const sorted = "sorted" in bar.dataset;
let last = before?.id;
let furthest = Number(before?.place) || 0;
let planned = 0;

function keep() {
  planned = 0;
  const days = readObject("seen");
  for (const day of Object.keys(days)) if (today - day > KEPT) delete days[day];
  if (fresh.size) days[today] = [...fresh].join(" ");
  write("seen", days);
  const visits = readObject("visits");
  for (const [key, visit] of Object.entries(visits)) {
    if (!(Date.now() - visit?.at < KEPT * DAY)) delete visits[key];
  }
  visits[listing] = { newest: Number(newest), id: last, place: furthest, at: Date.now() };
  write("visits", visits);
}

const plan = () => (planned ||= setTimeout(keep, 1000));
addEventListener("pagehide", () => planned && keep());

const placeOf = (card) => Number(card.querySelector(".place")?.textContent.replace(/\D/g, ""));
// On top of the list, though its place is further down.
const isLate = (card) => card.closest("[data-late]") !== null;

function pass(card) {
  const id = idOf(card);
  if (!seen.has(id)) {
    seen.add(id);
    fresh.add(id);
  }
  card.dataset.seen = "";
  if (!sorted && !isLate(card) && placeOf(card) > furthest) {
    furthest = placeOf(card);
    last = id;
  }
  plan();
}

// A card is passed when it has left the screen upwards.
const watcher = new IntersectionObserver((entries) => {
  const passed = entries.filter(
    (entry) => !entry.isIntersecting && entry.boundingClientRect.height &&
      entry.boundingClientRect.bottom < entry.rootBounds.top + 60,
  );
  for (const entry of passed) pass(entry.target);
  if (entries.length) locate();
}, { rootMargin: "-44px 0px 0px 0px" });

const where = document.querySelector("[data-where]");
const places = new Map();

function locate() {
  const place = findRead()?.querySelector(".place")?.textContent;
  // Where there is no room for both, the total goes.
  if (place && where) where.replaceChildren(place, document.createElement("wbr"), `/${total}`);
}

// The end stands below the last card of the last page.
const end = document.querySelector("[data-end]");
let when = null;

function finish() {
  if (!end || document.querySelector("[data-pager] [rel=next]")) return;
  const cards = listCards();
  // What stands on pages before this one was passed on the way here.
  const first = cards.length ? placeOf(cards.find((card) => !isLate(card)) ?? cards[0]) : 1;
  const skipped = first - 1 - cards.filter((card) => isLate(card) && placeOf(card) < first).length;
  const count = Math.min(total, skipped + cards.filter((card) => "seen" in card.dataset).length);
  const kept = document.querySelectorAll('.star[aria-pressed="true"]').length;
  const { done, far, day, next, nextAt } = end.dataset;
  end.textContent = fill(count === total ? done : far, { day, seen: count, total, kept });
  if (!nextAt) return;
  when ??= new Date(nextAt).toLocaleString(document.documentElement.lang, {
    weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  end.append(" ", fill(next, { when }));
}

// Who sees the end has passed what stands above it.
if (end) {
  new IntersectionObserver((entries) => {
    if (!entries[0].isIntersecting || document.querySelector("[data-pager] [rel=next]")) return;
    for (const card of listCards()) {
      const { top, height } = card.getBoundingClientRect();
      if (height && top < innerHeight && !("seen" in card.dataset)) pass(card);
    }
    finish();
  }).observe(end);
}

forCards((cards) => {
  for (const card of cards) {
    if (seen.has(idOf(card))) card.dataset.seen = "";
    if (!places.has(card)) watcher.observe(card);
    places.set(card, true);
  }
  const all = before && !sorted ? listCards() : [];
  const stop = all[all.findIndex((card) => idOf(card) === before.id) + 1 || all.length];
  if (stop) stop.dataset.stopped = words.stopped;
  finish();
});
document.addEventListener("passed", (event) => pass(event.detail));
document.addEventListener("stars", () => finish());

if (before && Number(newest) > before.newest) {
  import("./late.js")
    .then(({ showLate }) => showLate(before.newest))
    .finally(() => delete document.documentElement.dataset.settling);
}
if ("away" in document.documentElement.dataset) {
  const [, list, day] = /^(.*) (.*)$/.exec(listing);
  import("./away.js")
    .then(({ showAway }) => showAway(list, day))
    .finally(() => delete document.documentElement.dataset.away);
}
plan();
locate();
whenSeen(locate);
