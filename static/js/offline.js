// Has the service worker keep what is read here. Loaded a while after a page, or as soon as somebody
// reads it. Where there are no service workers (plain HTTP in a local network) nothing happens.

const start = async () => {
  await navigator.serviceWorker.register("/worker.js");
  const { active } = await navigator.serviceWorker.ready;
  // Whole days are kept too, unless the reader saves data.
  const pack = navigator.connection?.saveData ? "" : document.querySelector("[data-pack]")?.dataset.pack;
  active.postMessage({ page: location.pathname + location.search, pack });
};

if (navigator.serviceWorker) start().catch(() => {});
