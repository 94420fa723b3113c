// Before first paint: the theme and the view the reader chose, and what has to stay out of sight
// until other scripts have put it in its place. Nothing else belongs here.
(function () {
  var root = document.documentElement;
  var page = document.currentScript.dataset;
  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (_) {
      return null; // Storage may be forbidden, or hold something else.
    }
  }
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (_) {
    // Then the system's theme stays.
  }
  // Until other scripts take the mark away, or have not come in time.
  function settle(name, time) {
    root.dataset[name] = "";
    setTimeout(function () {
      delete root.dataset[name];
    }, time);
  }
  // Wide formulas, until maths.js has made them fit.
  settle("fitting", 1500);
  // What is the reader's own on the home page.
  var own = read("categories") || {};
  var visits = read("visits") || {};
  if ("home" in page && (own.follow || read("opened") || Object.keys(visits).length)) settle("own", 3000);
  if (!page.key) return;
  if (page.titles && read("view") === "titles" && !/[?&](view|skip|show)=/.test(location.search)) {
    location.replace(page.titles + location.hash);
    return;
  }
  if ("pane" in page) {
    root.dataset.pane = "";
    if (read("stars")) settle("folding", 1500);
  }
  var visit = visits[page.key];
  var filter = read("filter");
  if ((visit && visit.newest < +page.newest) || (filter && filter.rest === "hide")) settle("settling", 1500);
  // Days may wait: the one before was not opened, though others of this list were.
  var list = page.key.replace(/[^ ]+$/, "");
  for (var key in page.earlier ? visits : {}) {
    var other = key.indexOf(list) === 0 && key !== page.key && visits[key];
    if (other && (other.waiting || !visits[list + page.earlier])) root.dataset.away = "";
  }
  if ("away" in root.dataset) settle("away", 1500);
  if (read("hideSeen")) {
    var seen = read("seen") || {};
    var rules = [];
    for (var day in seen) {
      String(seen[day]).split(" ").forEach(function (id) {
        if (/^[\w.\/-]+$/.test(id)) rules.push('[id="p' + id + '"]');
      });
    }
    if (rules.length && window.CSSStyleSheet && document.adoptedStyleSheets) {
      var sheet = new CSSStyleSheet();
      sheet.replaceSync(":root:not([data-all]) :is(" + rules.join() + "){display:none}");
      document.adoptedStyleSheets = [sheet];
    }
  }
})();
