// Days that went by unread: those announced since a list was first opened here, and neither opened
// nor marked as done since. Loaded by the home page and by a listing after days away.
// Kept under "visits", as {list day: {done: true, at}} for what was marked and {waiting: true, at}
// for what was found to wait; visit.js writes there what was opened.

import { readObject, write } from "./store.js";

// "cs.AI,cs.CL -cs.CY 2026-08-10..2026-08-14": what is shown, what is left out, which days.
function parse(key) {
  const words = key.split(" ");
  const [first, last = first] = words.at(-1).split("..");
  return { codes: words[0].split(","), first, last };
}

const holds = ({ codes }, code) => codes.includes(code) || codes.includes(code.split(".")[0]);

// The days of `list` that wait. What was read under another list counts too, where together all of
// this one's categories were there.
export function listWaiting(list, days) {
  const read = Object.entries(readObject("visits"))
    .filter(([, visit]) => visit && !visit.waiting)
    .map(([key]) => parse(key));
  const { codes } = parse(`${list} `);
  const isRead = ({ day }) =>
    codes.every((code) => read.some((one) => one.first <= day && day <= one.last && holds(one, code)));
  const since = days.filter(isRead).map(({ day }) => day).sort();
  const waiting = days.filter((one) => since.length && one.day > since[0] && !isRead(one));
  return { waiting, gap: waiting.every(({ day }) => day > since.at(-1)) };
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
  for (const [day, visit] of Object.entries(changes)) {
    const key = `${list} ${day}`;
    if (visit) visits[key] = { ...visit, at: Date.now() };
    else delete visits[key];
  }
  write("visits", visits);
}

const template = document.querySelector("template[data-away]");

const say = (one, many, count) =>
  (count === 1 ? one : many).replace("%(count)s", count.toLocaleString(document.documentElement.lang));

// A section that says which days wait; null where none does. `here` is the day that is shown.
export function makeAway(list, days, here = "") {
  const { waiting, gap } = listWaiting(list, days);
  if (!waiting.some(({ day }) => day !== here)) return null;
  const waits = waiting.filter(({ day }) => day !== here);
  keep(list, Object.fromEntries(waits.map(({ day }) => [day, { waiting: true }])));
  const section = template.content.firstElementChild.cloneNode(true);
  const { dataset: words } = section;
  const total = waiting.reduce((sum, { papers }) => sum + papers, 0);
  section.querySelector("h2").textContent = (gap ? words.since : words.left)
    .replace("%(days)s", say(words.oneDay, words.days, waiting.length))
    .replace("%(papers)s", say(words.onePaper, words.papers, total));
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
  all.addEventListener("click", () => mark(waits.map(({ day }) => day), !("done" in section.dataset)));

  function show() {
    for (const row of rows) {
      const button = row.querySelector("button");
      if (!button) continue;
      const done = "done" in row.dataset;
      const name = row.querySelector("a").textContent;
      button.textContent = done ? words.undo : words.mark;
      button.setAttribute("aria-label", `${button.textContent}: ${name}`);
    }
    const left = rows.filter((row) => row.querySelector("button") && !("done" in row.dataset));
    section.toggleAttribute("data-done", !left.length);
    all.textContent = left.length ? words.all : words.undo;
  }

  function mark(marked, done) {
    keep(list, Object.fromEntries(marked.map((day) => [day, { [done ? "done" : "waiting"]: true }])));
    for (const row of rows) if (marked.includes(row.dataset.on)) row.toggleAttribute("data-done", done);
    show();
    section.querySelector("[role=status]").textContent = done ? words.marked : words.unmarked;
  }

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
