// Before first paint: the theme the reader chose, if any. Nothing else belongs here.
(function () {
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    }
  } catch (_) {
    // Storage may be forbidden; then the system's theme stays.
  }
})();
