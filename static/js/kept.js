// The page of what is kept in this browser for reading without a network; worker.js keeps it.

const place = document.querySelector("[data-kept-here]");
const { dataset: words } = place;
const { lang } = document.documentElement;
const root = document.documentElement.dataset.root ?? "";

const read = (response, header) => {
  const doc = new DOMParser().parseFromString(decodeURIComponent(response.headers.get(header) ?? ""), "text/html");
  return doc.documentElement.textContent;
};

async function list() {
  const cache = await caches.open("pages");
  const held = await Promise.all(
    (await cache.keys()).map(async (key) => ({ url: new URL(key.url), response: await cache.match(key) })),
  );
  return held
    .filter(({ url, response }) => response && url.pathname.startsWith("/zh/") === (root === "/zh"))
    .map(({ url, response }) => ({
      address: url.pathname + url.search,
      title: read(response, "X-Title").replace(/ · Coolpapers$/, ""),
      about: read(response, "X-About"),
      isList: Boolean(response.headers.get("X-List")),
      isPaper: /^(\/zh)?\/arxiv\//.test(url.pathname),
      kept: Number(response.headers.get("X-Kept")),
    }))
    .sort((one, other) => other.kept - one.kept);
}

const time = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

function show(name, pages, withAbout) {
  const section = place.querySelector(`[data-group="${name}"]`);
  section.hidden = !pages.length;
  section.querySelector("ul").replaceChildren(
    ...pages.map(({ address, title, about, kept }) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = address;
      link.textContent = title;
      const said = document.createElement("span");
      said.className = "about";
      said.textContent = withAbout ? about : "";
      const when = document.createElement("span");
      when.className = "when";
      when.textContent = time.format(kept);
      row.append(link, " ", said, " ", when);
      return row;
    }),
  );
}

async function update() {
  if (!("caches" in window)) {
    place.querySelector("[data-unable]").hidden = false;
    return;
  }
  const pages = await list();
  show("lists", pages.filter((one) => one.isList), true);
  show("papers", pages.filter((one) => one.isPaper && !one.isList), false);
  place.querySelector("[data-nothing]").hidden = pages.length > 0;
  place.querySelector("[data-remove]").hidden = !pages.length;
}

// Shown in place of another page, which is not kept.
if (location.pathname !== `${root}/offline`) document.querySelector("[data-instead]").hidden = false;

place.querySelector("[data-remove]").addEventListener("click", async () => {
  for (const name of ["pages", "packs"]) await caches.delete(name);
  place.querySelector("[role=status]").textContent = words.removed;
  await update();
});
update().finally(() => {
  place.dataset.ready = "";
});
