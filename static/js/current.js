// The paper that is read: what the keys and the bar at the bottom act upon.

import { listCards, titleOf } from "./cards.js";

let current = null;

const isSeen = (card) => card.checkVisibility?.() ?? card.offsetParent !== null;

// The current paper; null before there is one.
export const now = () => current;

// The next paper (`step` 1) or the one before (-1) that is to be seen.
export function find(step) {
  const cards = listCards();
  const at = cards.indexOf(current);
  for (let i = at < 0 ? start(cards, step) : at + step; cards[i]; i += step) {
    if (isSeen(cards[i])) return cards[i];
  }
  return null;
}

// Without a current paper: the first one that begins on the screen.
function start(cards, step) {
  const at = cards.findIndex((card) => isSeen(card) && card.getBoundingClientRect().top >= 44);
  return at < 0 ? cards.length - 1 : Math.max(0, step > 0 ? at : at - 1);
}

// What is acted upon: the current paper or, without one, the first on the screen.
export const wanted = () => (current?.isConnected ? current : find(1));

export function mark(card) {
  if (card === current) return;
  current?.removeAttribute("data-current");
  current = card;
  if (card) card.dataset.current = "";
}

// Go to a paper. A row of titles moves the list only where it would be out of sight.
export function choose(card, block = card?.matches(".row") ? "nearest" : "start") {
  if (!card) return;
  mark(card);
  titleOf(card).focus({ preventScroll: true });
  card.scrollIntoView({ block });
}

// To the next paper or the one before; the one left behind has been seen.
export function move(step, block) {
  const from = current;
  const to = find(step);
  choose(to, block);
  if (step > 0 && from) document.dispatchEvent(new CustomEvent("passed", { detail: from }));
  if (step > 0 && !to) document.querySelector("[data-pager] [rel=next]")?.focus();
  return to;
}

document.addEventListener("focusin", (event) => {
  const card = event.target.closest("[data-card]");
  if (card) mark(card);
});

// Who left for a paper goes on from there, as long as it is still on the screen.
function findLeft() {
  const card = document.getElementById(history.state?.current);
  const { top, bottom } = card?.getBoundingClientRect() ?? {};
  return card && isSeen(card) && bottom > 44 && top < innerHeight ? card : null;
}
addEventListener("pagehide", () => {
  if (current?.isConnected) history.replaceState({ ...history.state, current: current.id }, "");
});
mark(document.activeElement?.closest("[data-card]") ?? findLeft());
