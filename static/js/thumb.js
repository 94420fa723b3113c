// The bar for a thumb, on narrow touch screens: the paper before, star, PDF and the next paper, for
// the paper that is read. That is the one gone to or, once the reader scrolls, the first one under
// the bar on top.

import { findRead, idOf, whenSeen } from "./cards.js";
import { mark, move, now, wanted } from "./current.js";
import { toggle } from "./stars.js";
import { readObject } from "./store.js";

const bar = document.querySelector("[data-thumb]");
const [before, star, pdf, next] = bar.querySelectorAll("button");
const linkOf = (card) => card?.querySelector(".ways [data-pdf]");
let follows = true;
let planned = 0;

function show() {
  const card = now();
  star.setAttribute("aria-pressed", String(Boolean(card) && idOf(card) in readObject("stars")));
  pdf.disabled = !linkOf(card);
}

function follow() {
  planned = 0;
  if (follows) mark(findRead() ?? now());
  show();
}

function go(step) {
  follows = false;
  move(step, "start");
  show();
}

before.addEventListener("click", () => go(-1));
next.addEventListener("click", () => go(1));
star.addEventListener("click", () => wanted() && toggle(wanted()));
pdf.addEventListener("click", () => linkOf(wanted())?.click());
document.addEventListener("stars", show);
addEventListener("touchmove", () => (follows = true), { passive: true });
addEventListener("scroll", () => (planned ||= setTimeout(follow, 100)), { passive: true });
follow();
whenSeen(follow);
bar.hidden = false;
