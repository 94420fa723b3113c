// Copy and cite: a paper as rich text, plain text or Markdown, or its BibTeX. The buttons stand
// with the other ways of a card; the form last chosen is used again.

import { describe, goTo, say, titleOf, words } from "./cards.js";
import { read, write } from "./store.js";

const escape = (text) =>
  text.replace(/[&<>"]/g, (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[one]);
// Formulas stay what they are to LaTeX, but nothing in them is a link or a tag.
const calm = (formula) => formula.replace(/\](?=[([])/g, "] ").replace(/<(?=[a-z/!?])/gi, "< ");
const mark = (text) =>
  text
    .split(/(\$[^$]+\$)/)
    .map((part, at) => (at % 2 ? calm(part) : part.replace(/([\\`*_[\]<>#])/g, "\\$1")))
    .join("");

// The text of a part, its formulas as LaTeX.
function source(part) {
  const copy = part.cloneNode(true);
  for (const maths of copy.querySelectorAll("math[data-latex]")) maths.replaceWith(maths.dataset.latex);
  return copy.textContent.replace(/\s+/g, " ").trim();
}

const FORMS = {
  rich: ({ title, authors, abstract, url }) =>
    `<p><a href="${escape(url)}"><b>${escape(title)}</b></a><br>${escape(authors)}</p><p>${escape(abstract)}</p>`,
  plain: ({ title, authors, abstract, url }) => `${title}\n${authors}\n${url}\n\n${abstract}\n`,
  markdown: ({ title, authors, abstract, url }) =>
    `**[${mark(title)}](${url})**  \n${mark(authors)}\n\n${mark(abstract)}\n`,
};

async function put(paper, form) {
  try {
    if (form === "rich") {
      const parts = { "text/html": FORMS.rich(paper), "text/plain": FORMS.plain(paper) };
      const blobs = Object.entries(parts).map(([type, text]) => [type, new Blob([text], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } else await navigator.clipboard.writeText(FORMS[form](paper));
  } catch {
    return say(words.uncopied);
  }
  write("copyAs", form);
  const others = Object.keys(FORMS).filter((one) => one !== form);
  say(`${words.copied}: ${words[form]}`, others.map((one) => [words[one], () => put(paper, one)]));
}

function copy(card) {
  const form = read("copyAs", "rich");
  const title = source(titleOf(card));
  const abstract = source(card.querySelector(".abstract"));
  return put({ ...describe(card), title, abstract }, form in FORMS ? form : "rich");
}

async function cite(link) {
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.status);
    await navigator.clipboard.writeText(await answer.text());
    say(`${words.copied}: BibTeX`);
  } catch {
    goTo(link);
  }
}

// What a button or link of a card asks for.
export function act(wanted) {
  return "copy" in wanted.dataset ? copy(wanted.closest("[data-card]")) : cite(wanted);
}
