// What every page has: the switch between the system's theme, light and dark, and what is loaded
// when it is first wanted: suggestions under the search box, related papers, PDFs,
// what is told of opens and stars, a hint at another language, keeping pages for reading offline.

const ORDER = ["auto", "light", "dark"];

function read() {
  const theme = document.documentElement.dataset.theme;
  return ORDER.includes(theme) ? theme : "auto";
}

function keep(theme) {
  const root = document.documentElement;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Chosen for this page only.
  }
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const label = button.querySelector("span");
  const show = () => {
    label.textContent = button.title = button.dataset[read()];
  };
  button.addEventListener("click", () => {
    keep(ORDER[(ORDER.indexOf(read()) + 1) % ORDER.length]);
    show();
  });
  show();
  button.hidden = false;
}

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const input = form.querySelector("input[type=search]");
  // What it will be is said from the start.
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  const load = () => import("./suggest.js").then((suggest) => suggest.attach(form));
  if (document.activeElement === input) load();
  else input.addEventListener("focus", load, { once: true });
}

document.addEventListener("click", (event) => {
  const plain = !event.defaultPrevented && event.button === 0;
  if (!plain || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("article :is(a[data-related], a[data-pdf])");
  if (!link) return;
  event.preventDefault();
  const loaded = "pdf" in link.dataset ? import("./pdf.js") : import("./related.js");
  loaded.then((one) => one.toggle(link));
});

// The language that the browser prefers, of those there are.
const spoken = (navigator.languages ?? []).map((one) => one.slice(0, 2)).find((one) => /en|zh/.test(one));
if (spoken && !document.documentElement.lang.startsWith(spoken)) import("./languages.js");

// What is read is kept for a train: when somebody reads it, or has had it before them for a while.
const keepHere = () => import("./offline.js");
addEventListener("load", () => {
  setTimeout(keepHere, 10_000);
  for (const type of ["scroll", "pointerdown", "keydown"]) addEventListener(type, keepHere, { once: true });
});

// What a reader opens and stars; loaded before the click that leads away from here.
const interest = () => import("./interest.js");
const tell = (event) => interest().then((found) => found.take(event));
const AWAY = 'article :is(a[data-pdf], a[href^="https://arxiv.org/html/"])';
addEventListener("pointerdown", interest, { once: true });
for (const type of ["click", "auxclick"]) {
  document.addEventListener(type, (event) => {
    if (event.button < 2 && event.target.closest(AWAY)) tell(event);
  });
}
for (const type of ["opened", "starred"]) document.addEventListener(type, tell);
