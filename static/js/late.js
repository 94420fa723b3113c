// Papers that came in after the last visit stand on top, whatever their place in the list, and the
// page stays where it is. Loaded when there are any.

import { announceCards, listCards } from "./cards.js";

const MOST_LATE = 100;
const bar = document.querySelector("[data-listing]");

// Change the page above without moving what is read.
function stay(newest, change) {
  const fresh = (card) => Number(card.dataset.mark) > newest;
  const top = (card) => card.getBoundingClientRect().top;
  const anchor = scrollY > 0 && listCards().find((card) => !fresh(card) && top(card) > 44);
  const place = anchor && top(anchor);
  const root = document.documentElement;
  root.style.overflowAnchor = "none";
  change();
  if (anchor) scrollBy({ top: top(anchor) - place, behavior: "instant" });
  requestAnimationFrame(() => requestAnimationFrame(() => (root.style.overflowAnchor = "")));
}

// Papers that came in after the last visit, whatever their place: on top, under their own heading.
export async function showLate(newest) {
  try {
    const answer = await fetch(bar.dataset.pack);
    const { papers } = await answer.json();
    const late = papers.filter((paper) => paper[5] > newest).map((paper) => paper[0]);
    if (!late.length || late.length > MOST_LATE || late.length === papers.length) return;
    const missing = late.filter((id) => !document.getElementById(`p${id}`));
    const section = document.createElement("section");
    section.className = "papers";
    section.dataset.late = "";
    const heading = document.createElement("h2");
    heading.textContent = `${bar.dataset.added} `;
    const count = document.createElement("span");
    count.className = "count";
    count.textContent = late.length;
    heading.append(count);
    section.append(heading);
    let fetched = [];
    if (missing.length) {
      const more = await fetch(`${document.documentElement.dataset.root ?? ""}/arxiv/${missing.join()}${missing.length > 1 ? "" : ","}/more?show=${missing.length}`);
      const page = new DOMParser().parseFromString(await more.text(), "text/html");
      fetched = [...listCards(page)];
      // Counted from one there; here by their place in the list, which the pack knows in its order.
      const places = new Map("sorted" in bar.dataset ? [] : papers.map(([id], at) => [`p${id}`, at + 1]));
      for (const card of fetched) card.querySelector(".place").textContent = places.get(card.id) ?? "";
    }
    stay(newest, () => {
      for (const id of late) {
        // Meanwhile it may have come in its place, as more was loaded.
        const card = document.getElementById(`p${id}`) ?? fetched.find((one) => one.id === `p${id}`);
        if (card) section.append(card);
      }
      document.querySelector(".papers").before(section);
    });
    announceCards(listCards(section));
  } catch {
    // They stand in their places as well.
  }
}
