// What is the reader's own on the home page: the categories they chose in place of those that
// newcomers see, the days that wait, the papers opened last. boot.js keeps it out of sight until it
// is in its place; for a newcomer nothing is loaded.

import { readObject } from "./store.js";

const CODE = /^[A-Za-z-]+(\.[A-Za-z-]+)?$/;
const root = document.documentElement;
const place = document.querySelector("[data-overview]");

function codes(value) {
  return Array.isArray(value) ? value.filter((code) => typeof code === "string" && CODE.test(code)) : [];
}

async function showChoice() {
  const chosen = readObject("categories");
  const follow = codes(chosen.follow);
  const exclude = codes(chosen.exclude);
  if (!follow.length) return;
  const selection = exclude.length ? `${follow.join("+")}-${exclude.join("-")}` : follow.join(",");
  const answer = await fetch(`${root.dataset.root ?? ""}/arxiv/${selection}/overview`);
  // Our own page's part, escaped by the server as the page itself was.
  if (answer.ok) place.innerHTML = await answer.text();
}

async function showAway() {
  if (!Object.keys(readObject("visits")).length) return;
  const { makeAway, readDays, showLines } = await import("./away.js");
  const { list } = place.querySelector("[data-list]").dataset;
  const days = readDays(place);
  const section = makeAway(list, days);
  if (section) place.closest("section").before(section);
  showLines(list, days);
}

async function showOpened() {
  const section = document.querySelector("[data-opened]");
  const opened = await import("./opened.js");
  opened.show(section);
}

if ("own" in root.dataset) {
  Promise.allSettled([showChoice().finally(showAway), showOpened()]).finally(() => {
    delete root.dataset.own;
  });
}
