// What is opened from the bar opens below it, wherever it stands: at the top of a page it would lie
// over the heading and its own button. Where little room is left below, site.css has the place.

const ROOM = 320;
const bar = document.querySelector(".bar");

export function keepBelow(part) {
  function place() {
    const { bottom } = bar.getBoundingClientRect();
    part.style.setProperty("--below", innerHeight - bottom < ROOM ? "" : `${bottom}px`);
  }
  part.addEventListener("beforetoggle", ({ newState }) => {
    place();
    // The bar moves on its way to the edge of the screen.
    (newState === "open" ? addEventListener : removeEventListener)("scroll", place, { passive: true });
  });
}
