// Days that went by unread: those announced since a list was first opened here, and neither opened
// nor marked as done since. Loaded by the home page, which says it of all categories together and of
// each, and by a listing after days away.
// Kept under "visits", as {list day: {done: true, at}} for what was marked and {waiting: true, at}
// for what was found to wait; visit.js writes there what was opened.

import { readObject, watch, write } from "./store.js";

// "cs.AI,cs.CL -cs.CY 2026-08-10..2026-08-14": what is shown, what is left out, which days.
function parse(key) {
  const words = key.split(" ");
  const [first, last = first] = words.at(-1).split("..");
  return { codes: words[0].split(","), first, last };
}

const holds = ({ codes }, code) => codes.includes(code) || codes.includes(code.split(".")[0]);

const namesOf = (days) => days.map(({ day }) => day);

// The days of `list` that wait. What was read under another list counts too, where together all of
// this one's categories were there.
export function listWaiting(list, days) {
  const read = Object.entries(readObject("visits"))
    .filter(([, visit]) => visit && !visit.waiting)
    .map(([key]) => parse(key));
  const { codes } = parse(`${list} `);
  const isRead = ({ day }) =>
    codes.every((code) => read.some((one) => one.first <= day && day <= one.last && holds(one, code)));
  const since = namesOf(days.filter(isRead)).sort();
  const waiting = days.filter((one) => since.length && one.day > since[0] && one.papers && !isRead(one));
  return { waiting, begun: since.length > 0, gap: waiting.every(({ day }) => day > since.at(-1)) };
}

// The days of a calendar of the home page, the oldest first.
export const readDays = (root) =>
  [...root.querySelectorAll("[data-day]")]
    .map((link) => ({
      day: link.dataset.day,
      papers: Number(link.dataset.papers),
      name: link.querySelector(".unseen").textContent.replace(/[:：]\s*$/, ""),
      url: link.getAttribute("href"),
    }))
    .sort((one, other) => (one.day < other.day ? -1 : 1));

function keep(list, changes) {
  const visits = readObject("visits");
  for (const [day, visit] of Object.entries(changes)) visits[`${list} ${day}`] = { ...visit, at: Date.now() };
  write("visits", visits);
}

// What waits, in place of what did.
function keepWaiting(list, waits) {
  const visits = Object.entries(readObject("visits"));
  const before = ([key, visit]) => visit?.waiting && key.slice(0, key.lastIndexOf(" ")) === list;
  write("visits", Object.fromEntries(visits.filter((one) => !before(one))));
  keep(list, Object.fromEntries(waits.map(({ day }) => [day, { waiting: true }])));
}

const tell = () => document.dispatchEvent(new Event("visits"));
// What was read meanwhile, in another window or before one went back.
watch("visits", tell);
addEventListener("pageshow", ({ persisted }) => persisted && tell());

const template = document.querySelector("template[data-away]");
const words = template.content.firstElementChild.dataset;

const say = (one, many, count) =>
  (count === 1 ? one : many).replace("%(count)s", count.toLocaleString(document.documentElement.lang));

function describe({ waiting, gap }) {
  const total = waiting.reduce((sum, { papers }) => sum + papers, 0);
  return (gap ? words.since : words.left)
    .replace("%(days)s", say(words.oneDay, words.days, waiting.length))
    .replace("%(papers)s", say(words.onePaper, words.papers, total));
}

// On home: what waits in each category is said in its row; one whose latest day was read turns quiet,
// one that was never read says nothing. What the section about all of `list` says is not said again.
export function showLines(list, all) {
  const lines = [...document.querySelectorAll("[data-category]")].map((line) => {
    const days = line.dataset.days.split(" ").map((one) => {
      const [day, papers] = one.split("=");
      return { day, papers: Number(papers) };
    });
    return { line, category: line.dataset.category, days };
  });

  function show() {
    const together = namesOf(listWaiting(list, all).waiting);
    for (const { line, category, days } of lines) {
      const found = listWaiting(category, days);
      const latest = days.findLast(({ papers }) => papers);
      const unread = Boolean(latest) && found.waiting.at(-1) === latest;
      const said = days.filter(({ day, papers }) => papers && together.includes(day));
      const own = String(namesOf(said)) !== String(namesOf(found.waiting));
      const more = own && found.waiting.length > Number(unread);
      const state = latest && found.begun ? ` · ${unread ? words.unread : words.read}` : "";
      line.toggleAttribute("data-read", found.begun && !unread);
      line.querySelector("[data-state]").textContent = state;
      const waits = line.querySelector(".waits");
      // Its place stays when it was read meanwhile.
      waits.toggleAttribute("data-done", !more);
      if (more) waits.textContent = describe(found);
    }
  }

  // The category's own page offers these days too.
  for (const { category, days } of lines) keepWaiting(category, listWaiting(category, days).waiting);
  document.addEventListener("visits", show);
  show();
}

// A section that says which days wait; null where none does. `here` is the day that is shown.
export function makeAway(list, days, here = "") {
  const found = listWaiting(list, days);
  const { waiting } = found;
  const waits = waiting.filter(({ day }) => day !== here);
  keepWaiting(list, waits);
  if (!waits.length) return null;
  const section = template.content.firstElementChild.cloneNode(true);
  section.querySelector("h2").textContent = describe(found);
  const rows = waiting.map((one) => {
    const row = section.querySelector("template").content.firstElementChild.cloneNode(true);
    const link = row.querySelector("a");
    link.href = one.url;
    link.textContent = one.name;
    row.querySelector(".figure").textContent = say(words.onePaper, words.papers, one.papers);
    const button = row.querySelector("button");
    if (one.day === here) {
      link.setAttribute("aria-current", "page");
      button.remove();
    } else {
      button.addEventListener("click", () => mark([one.day], !("done" in row.dataset)));
    }
    row.dataset.on = one.day;
    return row;
  });
  section.querySelector("ul").append(...rows);
  const all = section.querySelector("[data-every]");
  all.addEventListener("click", () => mark(namesOf(waits), !("done" in section.dataset)));

  function show() {
    const left = namesOf(listWaiting(list, days).waiting);
    for (const row of rows) {
      const button = row.querySelector("button");
      if (!button) continue;
      const done = !left.includes(row.dataset.on);
      row.toggleAttribute("data-done", done);
      const name = row.querySelector("a").textContent;
      button.textContent = done ? words.undo : words.mark;
      button.setAttribute("aria-label", `${button.textContent}: ${name}`);
    }
    const some = waits.some(({ day }) => left.includes(day));
    section.toggleAttribute("data-done", !some);
    all.textContent = some ? words.all : words.undo;
  }

  function mark(marked, done) {
    keep(list, Object.fromEntries(marked.map((day) => [day, { [done ? "done" : "waiting"]: true }])));
    tell();
    section.querySelector("[role=status]").textContent = done ? words.marked : words.unmarked;
  }

  document.addEventListener("visits", show);
  show();
  return section;
}

// On a listing: above the first paper.
export async function showAway(list, here) {
  const answer = await fetch(`${document.documentElement.dataset.root}/arxiv/${path(list)}/overview`);
  if (!answer.ok) return;
  const days = readDays(new DOMParser().parseFromString(await answer.text(), "text/html"));
  const section = makeAway(list, days, here);
  if (section) document.querySelector("main > .papers").before(section);
}

// A list as addresses have it.
export function path(list) {
  const [codes, ...without] = list.split(" ");
  return without.length ? codes.replaceAll(",", "+") + without.join("") : codes;
}
