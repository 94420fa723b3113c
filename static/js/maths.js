// Formulas: one that is wider than its column shrinks to fit, down to a size that can be read, and
// scrolls below that; one that is copied is copied as LaTeX. Without scripts a wide one scrolls.

const SMALLEST = 11.2; // px

function fit(boxes) {
  const scales = [];
  for (const box of boxes) {
    const maths = box.firstElementChild;
    if (!maths || !box.clientWidth) continue;
    const now = Number(maths.style.getPropertyValue("--scale")) || 1;
    const natural = box.scrollWidth > box.clientWidth ? box.scrollWidth / now : measure(maths) / now;
    const fitting = Math.floor((box.clientWidth / natural) * 50) / 50;
    const wanted = fitting < 1 ? Math.min(1, Math.max(SMALLEST / sizeOf(box), fitting)) : 1;
    if (Math.abs(wanted - now) > 0.015) scales.push([maths, wanted, box.offsetHeight]);
  }
  for (const [maths, scale, height] of scales) {
    // The line stays as high as it was, so that nothing below moves.
    const box = maths.parentElement;
    if (scale === 1) box.style.minHeight = "";
    else if (!box.style.minHeight) box.style.minHeight = `${height}px`;
    maths.style.setProperty("--scale", scale);
    maths.style.fontSize = scale === 1 ? "" : `${scale}em`;
  }
  delete document.documentElement.dataset.fitting;
}

const sizeOf = (box) => parseFloat(getComputedStyle(box).fontSize);

function measure(maths) {
  return maths.getBoundingClientRect().width;
}

const sizes = new ResizeObserver((entries) => fit(entries.map((entry) => entry.target)));

function watch(root) {
  for (const box of root.querySelectorAll(".formula")) sizes.observe(box);
}

// Cards come and go while one reads.
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) watch(node);
  }
}).observe(document.body, { childList: true, subtree: true });
watch(document);
if (!document.querySelector(".formula")) delete document.documentElement.dataset.fitting;

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (event.defaultPrevented || !selection.rangeCount || selection.isCollapsed) return;
  if (event.target.closest?.("input, textarea")) return;
  const copy = document.createElement("div");
  for (let number = 0; number < selection.rangeCount; number += 1) {
    copy.append(selection.getRangeAt(number).cloneContents());
  }
  const formulas = copy.querySelectorAll("math[data-latex]");
  if (!formulas.length) return;
  for (const maths of formulas) maths.replaceWith(maths.dataset.latex);
  // Where lines end is known to the layout alone: laid out out of sight, and taken away at once.
  copy.inert = true;
  Object.assign(copy.style, { position: "fixed", left: "-200vw", top: "0", width: "100vw" });
  document.body.append(copy);
  const text = copy.innerText;
  copy.remove();
  copy.removeAttribute("style");
  event.clipboardData.setData("text/plain", text);
  event.clipboardData.setData("text/html", copy.innerHTML);
  event.preventDefault();
});
