// Tells the server that a paper was opened or starred, so that interest can be shown. Nobody is
// named: a reader is a random word that is made anew each day. Kept under "reader": {day, word}.
// Loaded by page.js with the first thing there is to tell, and by a paper's own page.

import { readObject, write } from "./store.js";

const opened = new Set();

// Empty where the browser keeps nothing: then the server goes by the connection.
function wordOfTheDay() {
  const day = new Date().toISOString().slice(0, 10);
  const kept = readObject("reader");
  if (kept.day === day && /^[0-9a-f]{32}$/.test(kept.word)) return kept.word;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const word = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return write("reader", { day, word }) ? word : "";
}

function tell(paper, did) {
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") return;
  if (did === "open") {
    if (opened.has(paper)) return;
    opened.add(paper);
  }
  const body = new URLSearchParams({ paper, did, reader: wordOfTheDay() });
  if (navigator.sendBeacon?.("/interest", body)) return;
  fetch("/interest", { method: "POST", body, keepalive: true }).catch(() => {});
}

// What an event says: a link that was followed, a PDF that was opened here, a star.
export function take({ type, target, detail }) {
  if (type === "starred") return tell(detail.id, detail.given ? "star" : "unstar");
  const card = type === "opened" ? detail : target.closest("article");
  tell(card.dataset.paper ?? card.id.slice(1), "open");
  import("./opened.js").then((recent) => recent.noteCard(card));
}

// A paper's own page is opened by whoever does something on it; programs that fetch it do not.
const own = document.querySelector("[data-paper]");
if (own) {
  for (const type of ["pointermove", "pointerdown", "keydown", "scroll"]) {
    addEventListener(type, () => tell(own.dataset.paper, "open"), { once: true, passive: true });
  }
}
