// Stars: a button a card, and how many are kept. They lie in this browser under "stars":
// {identifier: {title, authors, subject, at}}.

import { describe, fill, forCards, idOf, listCards, say, titleOf, words } from "./cards.js";
import { persist, readObject, watch, write } from "./store.js";

const shape = document.querySelector("[data-star-button]");
const undone = [];

function keep(id, star) {
  const stars = readObject("stars");
  const before = stars[id];
  if (star) stars[id] = star;
  else delete stars[id];
  if (!write("stars", stars)) {
    say(words.full);
    return false;
  }
  undone.push([id, before]);
  if (star) persist();
  refresh([document.getElementById(`p${id}`)].filter(Boolean));
  document.dispatchEvent(new CustomEvent("starred", { detail: { id, given: Boolean(star) } }));
  return true;
}

export function undo() {
  const last = undone.pop();
  if (!last) return say(words.nothing);
  keep(...last);
  undone.pop();
  say(last[1] ? words.starred : words.unstarred);
}

// Give a star to a paper or, with null, take it away.
export function put(id, star) {
  if (keep(id, star)) say(star ? words.starred : words.unstarred, [[words.undo, undo]]);
}

export function toggle(card) {
  const id = idOf(card);
  const { title, authors, subject } = describe(card);
  const starred = id in readObject("stars");
  put(id, starred ? null : { title, authors, subject, at: new Date().toISOString() });
}

// A new version of a starred paper is shown though its section is folded, until that is opened.
function bringOut(cards) {
  const stars = readObject("stars");
  for (const card of cards) {
    const fold = idOf(card) in stars && card.closest('[data-kind="3"] > .fold');
    if (!fold || fold.open) continue;
    const again = document.createElement("span");
    again.className = "again";
    again.textContent = words.renewed;
    const spot = document.createComment("");
    card.querySelector(".byline").prepend(again, " ");
    card.replaceWith(spot);
    fold.parentElement.append(card);
    fold.addEventListener("toggle", () => spot.replaceWith(card), { once: true });
  }
}

// What is shown of the stars, on every card and in the bar.
export function refresh(cards = listCards()) {
  const stars = readObject("stars");
  for (const card of cards) {
    const button = card.querySelector(":scope > .star");
    const pressed = String(idOf(card) in stars);
    // What is set, though to the same, is laid out again.
    if (!button || button.getAttribute("aria-pressed") === pressed) continue;
    button.setAttribute("aria-pressed", pressed);
    card.toggleAttribute("data-mine", pressed === "true");
  }
  const kept = document.querySelector("[data-kept]");
  if (kept) {
    const count = Object.keys(stars).length;
    kept.textContent = `★ ${count}`;
    kept.setAttribute("aria-label", fill(words.allstarred, { count }));
  }
  document.dispatchEvent(new Event("stars"));
}

forCards((cards) => {
  for (const card of cards) {
    if (card.querySelector(":scope > .star")) continue;
    const button = shape.content.firstElementChild.cloneNode(true);
    const title = card.dataset.title || titleOf(card).textContent;
    button.setAttribute("aria-label", `${words.star}: ${title.trim()}`);
    button.title = words.star;
    button.addEventListener("click", () => toggle(card));
    (card.querySelector(":scope > h3") ?? card.firstElementChild).after(button);
  }
  refresh(cards);
  bringOut(cards);
  delete document.documentElement.dataset.folding;
});
watch("stars", () => refresh());
