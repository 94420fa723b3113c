// The form of categories: found by name, prefilled with what was chosen before, and remembered in
// this browser. Without scripts the form leads to the union's address.

import { readObject, write } from "./store.js";

const form = document.querySelector("[data-choose]");
const rows = [...form.querySelectorAll("fieldset")];
const sought = form.querySelector("#sought");
const archives = new Map([...form.querySelectorAll("details")].map((one) => [one, one.open]));

function pick(row, value) {
  const input = [...row.querySelectorAll("input")].find((one) => one.value === value);
  if (input) input.checked = true;
}

const chosen = readObject("categories");
if (Array.isArray(chosen.follow)) {
  for (const row of rows) {
    const { code } = row.dataset;
    const excluded = Array.isArray(chosen.exclude) && chosen.exclude.includes(code);
    pick(row, chosen.follow.includes(code) ? "follow" : excluded ? "exclude" : "");
  }
  for (const archive of archives.keys()) {
    archive.open = Boolean(archive.querySelector("input:checked:not([value=''])"));
    archives.set(archive, archive.open);
  }
  form.querySelector("[data-forget]").hidden = false;
}

sought.closest("p").inert = false;
sought.addEventListener("input", () => {
  const words = sought.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) {
    const text = `${row.dataset.code} ${row.dataset.name}`.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  for (const [archive, opened] of archives) {
    const found = archive.querySelector("fieldset:not([hidden])");
    archive.hidden = !found;
    archive.open = words.length ? Boolean(found) : opened;
  }
  const said = sought.parentElement.querySelector("[role=status]");
  said.textContent = rows.every((row) => row.hidden) ? said.dataset.none : "";
});
// Enter in the search field finds; it doesn't send the form.
sought.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});

form.addEventListener("submit", (event) => {
  const codes = (value) =>
    rows.filter((row) => row.querySelector("input:checked")?.value === value).map((row) => row.dataset.code);
  const follow = codes("follow");
  const exclude = codes("exclude");
  const said = form.querySelector(".act [role=status]");
  if (!follow.length || follow.length + exclude.length > Number(said.dataset.most)) {
    event.preventDefault();
    said.textContent = follow.length ? said.dataset.many : said.dataset.few;
    return;
  }
  // Where nothing can be kept, the form goes its own way.
  if (!write("categories", { follow, exclude })) return;
  event.preventDefault();
  location.assign(form.dataset.home);
});

form.querySelector("[data-forget]").addEventListener("click", () => {
  write("categories", null);
  location.assign(form.dataset.home);
});
