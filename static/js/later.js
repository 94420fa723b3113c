// Copying and filtering are loaded when they are first wanted. No module imports this one: what it
// loads imports the others, and static files cannot be named after their contents in a circle.

import { forCards } from "./cards.js";
import { read } from "./store.js";

forCards((cards) => {
  for (const card of cards) {
    const button = card.querySelector("[data-copy]");
    if (button) button.hidden = false;
  }
});
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const wanted = event.target.closest("[data-copy], [data-cite]");
  if (!wanted) return;
  event.preventDefault();
  import("./copy.js").then((copying) => copying.act(wanted));
});
const filterButton = document.querySelector("[data-filter-open]");
if (filterButton) {
  const load = () => import("./filter.js");
  filterButton.hidden = false;
  filterButton.addEventListener("click", load, { once: true });
  if (read("filter")) load();
}
