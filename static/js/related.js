// Opens a card's related papers in place. Without scripts its link leads to their page.

import { goTo } from "./cards.js";

const WAIT = 400;

async function open(link, card) {
  const place = document.createElement("div");
  place.className = "opened-related";
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", link.textContent.trim());
  place.tabIndex = -1;
  const late = setTimeout(() => {
    place.textContent = "…";
  }, WAIT);
  (card.querySelector(".unfolded") ?? card).append(place);
  link.setAttribute("aria-expanded", "true");
  try {
    const answer = await fetch(`${link.getAttribute("href")}?fragment=1`);
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    clearTimeout(late);
    place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  } catch {
    clearTimeout(late);
    close(link, place);
    goTo(link);
  }
}

function close(link, place) {
  place.remove();
  link.setAttribute("aria-expanded", "false");
}

export function toggle(link) {
  const card = link.closest("article");
  const opened = card.querySelector(".opened-related");
  if (opened) close(link, opened);
  else open(link, card);
}
