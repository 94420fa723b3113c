// One quiet line for a reader whose browser prefers the other language. It lies over the page, and
// does not come again once it was followed or closed. Kept: "hinted".

import { read, write } from "./store.js";

const link = document.querySelector(".languages [data-hint]");
if (link && !read("hinted")) {
  const hint = document.createElement("aside");
  hint.className = "hint";
  hint.lang = link.lang;
  hint.setAttribute("aria-label", link.textContent);
  const way = document.createElement("a");
  way.href = link.getAttribute("href");
  way.hreflang = link.hreflang;
  way.textContent = link.dataset.hint;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = link.dataset.close;
  hint.append(way, close);
  for (const one of [way, link]) one.addEventListener("click", () => write("hinted", true));
  close.addEventListener("click", () => {
    write("hinted", true);
    hint.remove();
  });
  document.querySelector("header.site").after(hint);
}
