// A PDF under its card, one at a time. The browser asks arXiv for it; PDF.js shows it or, where
// that is not there or arXiv does not let this page read the file, the browser's own viewer.

import { goTo } from "./cards.js";

const SILENCE = 30_000;
const SLOW = new Error("slow");
const root = document.documentElement;
let opened = null;
let frame = null;

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));
const sizes = new Intl.NumberFormat(root.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 2 });
const say = (bytes) => sizes.format(bytes / 1e6);

// The empty viewer, in the reader's language, with its style.
function loadFrame() {
  frame ??= (async () => {
    const answer = await fetch(`${root.dataset.root ?? ""}/viewer`);
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const viewer = page.querySelector("[data-viewer]");
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = viewer.dataset.style;
    await new Promise((resolve, reject) => {
      style.addEventListener("load", resolve);
      style.addEventListener("error", reject);
      document.head.append(style);
    });
    return viewer;
  })().catch((error) => {
    frame = null;
    throw error;
  });
  return frame;
}

// Open the PDF of a link under its card, or close it.
export function toggle(link) {
  if (opened?.link === link) close();
  else open(link);
}

async function open(link) {
  const card = link.closest("article");
  // Only the place of the one before is closed with it: what is read stays where it is.
  stay(link, () => close(false));
  const view = { link, card, stopping: new AbortController() };
  opened = view;
  link.setAttribute("aria-expanded", "true");
  try {
    view.place = document.importNode(await loadFrame(), true);
  } catch {
    if (opened === view) close(false);
    goTo(link);
    return;
  }
  if (opened !== view) return;
  prepare(view);
  const fold = link.closest(".row > details");
  if (fold) fold.open = true;
  (link.closest(".facts") ?? link.closest(".ways")).after(view.place);
  view.sheetsBox.focus({ preventScroll: true });
  view.watcher = new IntersectionObserver(
    ([{ intersectionRatio }]) => (view.seen = intersectionRatio >= 0.5),
    { threshold: 0.5 },
  );
  view.watcher.observe(view.place);
  // Nothing moves unless next to nothing of it would be seen; then as little as shows its top.
  view.place.scrollIntoView({ block: "nearest", behavior: "instant" });
  document.dispatchEvent(new CustomEvent("opened", { detail: card }));
  show(view);
}

function prepare(view) {
  const { place, link, card } = view;
  const find = (name) => place.querySelector(`[data-${name}]`);
  const title = card.dataset.title || card.querySelector("h1, h3").textContent.trim();
  view.words = { ...place.dataset };
  view.sheetsBox = find("sheets");
  view.name = fill(view.words.name, { title });
  place.setAttribute("aria-label", view.name);
  view.sheetsBox.setAttribute("aria-label", view.name);
  find("arxiv").href = link.href;
  find("close").addEventListener("click", () => close());
  find("again").addEventListener("click", () => {
    find("again").hidden = true;
    view.sheetsBox.focus({ preventScroll: true });
    show(view);
  });
  find("back").addEventListener("click", () => {
    view.sheets.goBack();
    view.sheetsBox.focus({ preventScroll: true });
  });
  for (const [name, step] of [["smaller", -1], ["larger", 1]]) {
    find(name).addEventListener("click", () => {
      const left = view.sheets.zoom(step);
      find("smaller").disabled = !left.smaller;
      find("larger").disabled = !left.larger;
    });
  }
  view.find = find;
}

function tell(view, state, amounts = "") {
  // The same words again would be spoken again.
  if (view.find("state").textContent !== state) view.find("state").textContent = state;
  view.find("amounts").textContent = amounts;
}

async function show(view) {
  const { words, find, place } = view;
  if (!words.library) return showFrame(view, "", words.own);
  tell(view, words.loading);
  place.dataset.state = "loading";
  try {
    const [{ Sheets }, bytes] = await Promise.all([import("./sheets.js"), download(view)]);
    if (opened !== view) return;
    view.sheets = new Sheets(view.sheetsBox, (page, count, back) => {
      tell(view, words.loaded, `${page} / ${count}`);
      find("back").hidden = !back;
    });
    await view.sheets.open(words, bytes);
    if (opened !== view) return;
    place.dataset.state = "shown";
    find("smaller").hidden = find("larger").hidden = false;
    find("smaller").disabled = true;
  } catch (error) {
    if (opened === view) await explain(view, error);
  }
}

// The whole file, as it comes.
async function download(view) {
  const { stopping, words, find } = view;
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stopping.abort(SLOW), SILENCE);
  };
  wait();
  try {
    const answer = await fetch(view.link.href, { credentials: "omit", signal: stopping.signal });
    if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
    const total = Number(answer.headers.get("Content-Length")) || 0;
    const reader = answer.body.getReader();
    const parts = [];
    let loaded = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      wait();
      parts.push(part.value);
      loaded += part.value.length;
      const share = total ? fill(words.share, { loaded: say(loaded), total: say(total) }) : say(loaded);
      tell(view, words.loading, share);
      if (total) find("progress").value = loaded / total;
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

async function explain(view, error) {
  const { words, link, stopping } = view;
  view.sheets?.close();
  view.sheets = null;
  if (error.status === 404 || error.status === 410) return fail(view, words.absent);
  if (error.status) return fail(view, fill(words.refused, { status: error.status }), true);
  if (stopping.signal.aborted) {
    view.stopping = new AbortController();
    return fail(view, words.slow, true);
  }
  if (!navigator.onLine) return fail(view, words.offline, true);
  // What is no PDF, or one that PDF.js cannot read, was read after all.
  if (!(error instanceof TypeError)) return showFrame(view, words.unreadable);
  // Whether arXiv is silent or only lets no other page read, be it a PDF or why there is none: a
  // request that reads nothing tells.
  try {
    await fetch(link.href, { method: "HEAD", mode: "no-cors", credentials: "omit", signal: stopping.signal });
  } catch {
    if (opened === view) fail(view, words.unreachable, true);
    return;
  }
  if (opened === view) showFrame(view, words.closed);
}

function fail(view, message, again = false) {
  tell(view, message);
  view.place.dataset.state = "failed";
  view.find("again").hidden = !again;
}

function showFrame(view, reason, shown = view.words.framed) {
  const { words, place, name, link, sheetsBox } = view;
  if (!navigator.pdfViewerEnabled) return fail(view, `${reason} ${words.frameless}`.trim());
  const inner = document.createElement("iframe");
  inner.className = "sheets";
  inner.title = name;
  inner.src = `${link.href}#navpanes=0&view=FitH`;
  tell(view, `${reason} ${shown}`.trim());
  place.dataset.state = "framed";
  sheetsBox.replaceWith(inner);
}

// Close what is open; the focus goes back to the link unless it is wanted elsewhere.
export function close(back = true) {
  if (!opened) return;
  const { link, place, stopping, sheets, watcher } = opened;
  opened = null;
  watcher?.disconnect();
  stopping.abort();
  sheets?.close();
  place?.remove();
  link.setAttribute("aria-expanded", "false");
  if (back) link.focus();
}

// Change the page above a link without moving it.
function stay(link, change) {
  const before = link.getBoundingClientRect().top;
  root.style.overflowAnchor = "none";
  change();
  scrollBy({ top: link.getBoundingClientRect().top - before, behavior: "instant" });
  requestAnimationFrame(() => requestAnimationFrame(() => (root.style.overflowAnchor = "")));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !opened) return;
  const { card } = opened;
  if (!card.contains(document.activeElement) && document.activeElement !== document.body) return;
  event.preventDefault();
  close();
});

// Whoever turns the phone reads on: the text above has become shorter or longer.
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth !== width && opened?.seen) opened.place.scrollIntoView({ behavior: "instant" });
  width = innerWidth;
});

// With the row it stands in it closes too.
document.addEventListener(
  "toggle",
  ({ target }) => !target.open && opened?.place && target.contains(opened.place) && close(false),
  true,
);
