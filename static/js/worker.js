// The service worker: keeps what was read, so that it can be read again where there is no network.
// Pages come from the network whenever it answers, and from here only when it does not. Served at
// /worker.js behind a line that names RELEASE: {shell, offline, words}.

/* global RELEASE */
const SHELL = `shell ${RELEASE.version}`;
const LIMITS = {
  pages: { most: 40, size: 12_000_000 },
  packs: { most: 12, size: 12_000_000 },
  statics: { most: 150, size: 6_000_000 },
};
const NAMED = /\.[0-9a-f]{12}\.\w+$/; // Static files named after their contents never change.
const FILE = /^\/static\/(?:css|js|img)\//;
const READ = /^\/(?:$|stars$|choose$|arxiv\/(?!search|related)(?:(?!\.(?:json|bib|ris)$|\/(?:feed|related)$).)+$)/;
const NEVER = /^\/(?:admin|metrics|healthz|readyz|static|robots\.txt|worker\.js)/;
const SHOWN = 25;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => answer(event));
addEventListener("message", (event) => event.data && keepAsked(event));

async function install() {
  const shell = await caches.open(SHELL);
  await shell.addAll(RELEASE.offline);
  await Promise.allSettled(RELEASE.shell.map((address) => shell.add(address)));
  await skipWaiting();
}

// Pages kept under the release before need its files.
async function activate() {
  const statics = await caches.open("statics");
  for (const name of await caches.keys()) {
    if (name === SHELL || name in LIMITS) continue;
    const old = await caches.open(name);
    for (const request of await old.keys()) {
      if (FILE.test(new URL(request.url).pathname)) await statics.put(request, await old.match(request));
    }
    await caches.delete(name);
  }
  await trim("statics");
  await registration.navigationPreload?.enable();
  await clients.claim();
}

function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const path = plain(url);
  if (request.mode === "navigate") {
    event.respondWith(showPage(event, url));
  } else if (FILE.test(path)) {
    event.respondWith(showFile(event, url));
  } else if (/\/(?:overview|pack\.json)$/.test(path)) {
    event.respondWith(showPart(event, url));
  } else if (/\/more$/.test(path)) {
    event.respondWith(fetch(request).catch(() => showMore(url)));
  }
}

const plain = ({ pathname }) => pathname.replace(/^\/zh(?=\/|$)/, "") || "/";
const languageOf = ({ pathname }) => (/^\/zh(?=\/|$)/.test(pathname) ? "zh-hans" : "en");

async function showPage(event, url) {
  try {
    const response = await askFor(event, url);
    if (READ.test(plain(url))) keepFor(event, "pages", url, response);
    return response;
  } catch (error) {
    if (NEVER.test(plain(url))) throw error;
    const found = (await findPage(url)) ?? (await caches.match(RELEASE.offline[languageOf(url) === "en" ? 0 : 1]));
    return found ? asCopy(found) : Response.error();
  }
}

// Without a network, the browser's own cache would show a page of some minutes ago and not say so.
// The site may be on this very machine: it is asked all the same.
async function askFor(event, url) {
  const early = await Promise.resolve(event.preloadResponse).catch(() => null);
  if (navigator.onLine) return early || fetch(event.request);
  return fetch(url, { cache: "no-store", credentials: "same-origin", redirect: "manual" });
}

async function showFile(event, url) {
  const held = await caches.match(event.request);
  if (held && NAMED.test(url.pathname)) return held;
  try {
    const response = await fetch(event.request);
    if (!held || !NAMED.test(url.pathname)) keepFor(event, "statics", url, response);
    return response;
  } catch (error) {
    if (held) return held;
    throw error;
  }
}

async function showPart(event, url) {
  try {
    const response = await fetch(event.request);
    keepFor(event, "packs", url, response);
    return response;
  } catch (error) {
    const held = await caches.match(event.request);
    if (held) return held;
    throw error;
  }
}

// What the page that was open before the worker asks to be kept: {page, pack}.
function keepAsked(event) {
  const { page, pack } = event.data;
  const work = [];
  for (const [name, address] of [["pages", page], ["packs", pack]]) {
    const url = address && new URL(address, location.origin);
    if (!url || url.origin !== location.origin) continue;
    if (name === "pages" && !READ.test(plain(url))) continue;
    work.push(fetch(url).then((response) => keep(name, url, response)).catch(() => {}));
  }
  event.waitUntil(Promise.all(work));
}

function keepFor(event, name, url, response) {
  if (response.ok && !response.redirected) event.waitUntil(keep(name, url, response.clone()).catch(() => {}));
}

async function keep(name, url, response) {
  if (!response.ok || response.redirected) return;
  const body = await response.blob();
  if (body.size > LIMITS[name].size / 4) return;
  const headers = new Headers(response.headers);
  for (const header of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(header);
  headers.set("X-Kept", String(Date.now()));
  headers.set("X-Size", String(body.size));
  if (name === "pages") {
    const html = await body.text();
    for (const [header, pattern] of [
      ["X-Title", /<title>([^<]*)/],
      ["X-About", /<meta name="description" content="([^"]*)/],
      ["X-List", /data-listing="([^"]*)/],
    ]) {
      headers.set(header, encodeURIComponent(pattern.exec(html)?.[1].trim() ?? ""));
    }
  }
  const cache = await caches.open(name);
  await cache.put(url.pathname + url.search, new Response(body, { headers }));
  await trim(name);
}

const numberOf = (response, header) => Number(response.headers.get(header)) || 0;

// What is kept under a name, the newest first: [request, response].
async function list(name) {
  const cache = await caches.open(name);
  const held = await Promise.all((await cache.keys()).map(async (key) => [key, await cache.match(key)]));
  return held.filter(([, one]) => one).sort(([, a], [, b]) => numberOf(b, "X-Kept") - numberOf(a, "X-Kept"));
}

async function trim(name) {
  const cache = await caches.open(name);
  let { most, size } = LIMITS[name];
  for (const [key, response] of await list(name)) {
    most -= 1;
    size -= numberOf(response, "X-Size");
    if (most < 0 || size < 0) await cache.delete(key);
  }
}

// The copy of a page: of this address, of the list from its beginning, or of the same day.
async function findPage(url) {
  const cache = await caches.open("pages");
  const whole = new URL(url);
  for (const name of ["skip", "show"]) whole.searchParams.delete(name);
  const other = new URL(whole);
  other.searchParams.delete("view");
  for (const { pathname, search } of [url, whole, other]) {
    const found = await cache.match(pathname + search);
    if (found) return found;
  }
  const [date, ...more] = other.searchParams.values();
  if (!other.searchParams.has("date") || more.length) return undefined;
  const wanted = `${decodeURIComponent(plain(url).slice("/arxiv/".length))} ${date}`;
  const same = ([key, one]) =>
    decodeURIComponent(one.headers.get("X-List")) === wanted && languageOf(new URL(key.url)) === languageOf(url);
  return (await list("pages")).find(same)?.[1];
}

// The page says itself that it is a copy, and of when.
async function asCopy(response) {
  const html = await response.text();
  const kept = new Date(numberOf(response, "X-Kept") || Date.now());
  const today = kept.toDateString() === new Date().toDateString();
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const day = today ? {} : { weekday: "short", day: "numeric", month: "short" };
  const lang = / lang="zh/.test(html) ? "zh-Hans" : "en-GB";
  const time = new Intl.DateTimeFormat(lang, { ...day, ...form });
  const said = (_, inner) => inner.replace("%(time)s", time.format(kept));
  const headers = new Headers(response.headers);
  headers.set("Cache-Control", "no-store");
  return new Response(html.replace(/<template data-copy>([\s\S]*?)<\/template>/, said), { headers });
}

const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

// The next papers of a list out of its pack: plain text, without what only the server knows.
async function showMore(url) {
  const path = url.pathname.replace(/more$/, "pack.json");
  const asked = url.searchParams;
  const packs = (await list("packs")).filter(([key]) => {
    const pack = new URL(key.url);
    return pack.pathname === path && (!asked.has("date") || pack.searchParams.get("date") === asked.get("date"));
  });
  if (!packs.length || asked.has("sort")) return Response.error();
  const [[key, held]] = packs;
  const { papers } = await held.json();
  const date = new URL(key.url).searchParams.get("date");
  const words = RELEASE.words[languageOf(url)];
  const root = url.pathname.startsWith("/zh/") ? "/zh" : "";
  const skip = Number(asked.get("skip")) || 0;
  const end = Math.min(papers.length, skip + (Number(asked.get("show")) || SHOWN));
  const sections = new Map();
  papers.slice(skip, end).forEach(([id, title, authors, abstract, kind, mark], at) => {
    const safe = escape(id);
    const card = `<article class="card" id="p${safe}" aria-labelledby="t${safe}" data-card data-mark="${Number(mark)}">
      <p class="number"><span class="place">${skip + at + 1}</span> <span class="identifier">${safe}</span></p>
      <h3 id="t${safe}"><a href="${root}/arxiv/${safe}">${escape(title)}</a></h3>
      <div class="authors">${escape(authors)}</div>
      <p class="abstract">${escape(abstract)}</p></article>`;
    sections.set(kind, [...(sections.get(kind) ?? []), card]);
  });
  const parts = [...sections].map(
    ([kind, cards]) => `<section class="papers" data-section="${escape(date)}-${Number(kind)}" data-kind="${Number(kind)}">
      <h2>${escape(words.kinds[kind - 1] ?? "")}</h2>${cards.join("")}</section>`,
  );
  asked.set("skip", end);
  const next = `<a rel="next" href="${escape(url.pathname.replace(/\/more$/, ""))}?${escape(asked)}">${escape(words.next)}</a>`;
  const pager = `<nav data-pager><span class="range">${skip + 1}–${end} / ${papers.length}</span>
    ${end < papers.length ? next : ""}</nav>`;
  return new Response(parts.join("") + pager, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}
