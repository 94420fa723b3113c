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
  // Wide formulas, until maths.js has made them fit.
  root.dataset.fitting = "";
  setTimeout(function () {
    delete root.dataset.fitting;
  }, 1500);
  var own = "home" in page && read("categories");
  if (own && own.follow && own.follow.length) {
    root.dataset.own = "";
    root.style.setProperty("--own-height", (Number(own.height) || 0) + "px");
    setTimeout(function () {
      delete root.dataset.own;
    }, 3000);
  }
  if (!page.key) return;
  if (page.titles && read("view") === "titles" && !/[?&](view|skip|show)=/.test(location.search)) {
    location.replace(page.titles + location.hash);
    return;
  }
  var visit = (read("visits") || {})[page.key];
  var filter = read("filter");
  if ((visit && visit.newest < +page.newest) || (filter && filter.rest === "hide")) {
    root.dataset.settling = "";
    setTimeout(function () {
      delete root.dataset.settling;
    }, 1500);
  }
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
