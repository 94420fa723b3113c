// Opens a card's related papers in place. Without scripts its link leads to their page.

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
  card.append(place);
  link.setAttribute("aria-expanded", "true");
  try {
    const answer = await fetch(`${link.getAttribute("href")}?fragment=1`);
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    clearTimeout(late);
    place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  } catch {
    // The page says what is wrong.
    clearTimeout(late);
    location.assign(link.href);
  }
}

document.addEventListener("click", (event) => {
  const plain = !event.defaultPrevented && event.button === 0;
  if (!plain || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[data-related]");
  const card = link?.closest("article");
  if (!card) return;
  event.preventDefault();
  const opened = card.querySelector(".opened-related");
  if (opened) {
    opened.remove();
    link.setAttribute("aria-expanded", "false");
  } else {
    open(link, card);
  }
});
