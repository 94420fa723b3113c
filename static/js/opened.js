// The papers opened last, for the home page. Kept: "opened" [{id, title, at}], the newest first.

import { read, write } from "./store.js";

const MOST = 10;
const ID = /^[a-z.-]*\/?[0-9.]{4,12}$/i;

function list() {
  const kept = read("opened");
  if (!Array.isArray(kept)) return [];
  return kept.filter((one) => ID.test(one?.id) && typeof one.title === "string").slice(0, MOST);
}

export function note(id, title) {
  const others = list().filter((one) => one.id !== id);
  write("opened", [{ id, title, at: Date.now() }, ...others].slice(0, MOST));
}

// A paper that was opened from a list.
export function noteCard(card) {
  const link = card.querySelector("h3 a");
  if (link) note(card.id.slice(1), card.dataset.title || link.textContent.trim());
}

export function show(section) {
  const opened = list();
  if (!opened.length) return;
  const { dataset, lang } = document.documentElement;
  const form = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { month: "short", day: "numeric" });
  section.querySelector("ul").replaceChildren(
    ...opened.map((one) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${dataset.root ?? ""}/arxiv/${one.id}`;
      link.textContent = one.title;
      const when = document.createElement("span");
      when.className = "when";
      when.textContent = Number.isFinite(one.at) ? form.format(one.at) : "";
      line.append(link, " ", when);
      return line;
    }),
  );
  section.hidden = false;
  section.querySelector("button").addEventListener("click", () => {
    write("opened", null);
    section.hidden = true;
    document.getElementById("main").focus();
  });
}

const paper = document.querySelector("[data-paper]");
if (paper) note(paper.dataset.paper, document.title.replace(/ · Coolpapers$/, ""));
