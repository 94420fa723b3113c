// The reader's own categories, where they chose some, in place of those that newcomers see. boot.js
// keeps the place for them.

import { readObject, write } from "./store.js";

const CODE = /^[A-Za-z-]+(\.[A-Za-z-]+)?$/;

function codes(value) {
  return Array.isArray(value) ? value.filter((code) => typeof code === "string" && CODE.test(code)) : [];
}

async function show(place) {
  const chosen = readObject("categories");
  const follow = codes(chosen.follow);
  const exclude = codes(chosen.exclude);
  if (!follow.length) return;
  const selection = exclude.length ? `${follow.join("+")}-${exclude.join("-")}` : follow.join(",");
  const root = document.documentElement.dataset.root ?? "";
  const answer = await fetch(`${root}/arxiv/${selection}/overview`);
  if (!answer.ok) return;
  // Our own page's part, escaped by the server as the page itself was.
  place.innerHTML = await answer.text();
  delete document.documentElement.dataset.own;
  const height = Math.round(place.getBoundingClientRect().height);
  if (chosen.height !== height) write("categories", { ...chosen, height });
}

const place = document.querySelector("[data-overview]");
if (place) {
  show(place)
    .catch(() => {})
    .finally(() => delete document.documentElement.dataset.own);
}
