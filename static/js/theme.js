// The switch between the system's theme, light and dark. Without scripts the system's stays.

const ORDER = ["auto", "light", "dark"];

function read() {
  const theme = document.documentElement.dataset.theme;
  return ORDER.includes(theme) ? theme : "auto";
}

function keep(theme) {
  const root = document.documentElement;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Chosen for this page only.
  }
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const label = button.querySelector("span");
  const show = () => {
    label.textContent = button.title = button.dataset[read()];
  };
  button.addEventListener("click", () => {
    keep(ORDER[(ORDER.indexOf(read()) + 1) % ORDER.length]);
    show();
  });
  show();
  button.hidden = false;
}
