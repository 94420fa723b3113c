// Suggestions under the search box: a combobox as the ARIA practices describe it. Without scripts,
// and where the server does not answer, the box stays a plain one.

const QUIET = 150;
const SHORTEST = 2;
const KINDS = ["categories", "authors", "titles"];

class Suggest {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.options = [];
    this.at = -1;
    this.asked = "";
    this.list = document.createElement("div");
    this.list.id = "suggestions";
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.dataset.label);
    this.list.hidden = true;
    this.said = document.createElement("p");
    this.said.className = "unseen";
    this.said.setAttribute("role", "status");
    form.append(this.list, this.said);
    const { input } = this;
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // A press must not take the focus from the box before the click arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.go(option);
    });
    // Somebody may have begun to type before this came.
    if (document.activeElement === input && input.value !== input.defaultValue) this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), QUIET);
  }

  async ask() {
    const typed = this.input.value.trim();
    this.underway?.abort();
    if (typed.length < SHORTEST || typed.length > 100) return this.close();
    if (typed === this.asked && !this.list.hidden) return;
    this.underway = new AbortController();
    const address = `${this.form.dataset.suggest}?${new URLSearchParams({ query: typed })}`;
    try {
      const answer = await fetch(address, { signal: this.underway.signal });
      if (!answer.ok) return this.close();
      const found = await answer.json();
      if (document.activeElement !== this.input) return;
      this.asked = typed;
      this.show(found);
    } catch {
      // Typed on meanwhile, or out of reach: the box still searches.
    }
  }

  show(found) {
    this.options = [];
    this.choose(-1);
    this.list.replaceChildren();
    for (const kind of KINDS) {
      if (!found[kind]?.length) continue;
      const group = document.createElement("div");
      group.setAttribute("role", "group");
      const name = document.createElement("div");
      name.id = `suggested-${kind}`;
      name.className = "kind";
      name.setAttribute("role", "presentation");
      name.textContent = this.form.dataset[kind];
      group.setAttribute("aria-labelledby", name.id);
      group.append(name, ...found[kind].map((one) => this.option(one)));
      this.list.append(group);
    }
    if (!this.options.length) return this.close();
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.said.textContent = this.form.dataset.found.replace("%d", this.options.length);
  }

  option({ text, aside, url }) {
    const option = document.createElement("div");
    option.id = `suggestion-${this.options.length}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.url = url;
    const said = document.createElement("span");
    said.textContent = text;
    const more = document.createElement("span");
    more.className = "aside";
    more.textContent = aside;
    option.append(said, " ", more);
    this.options.push(option);
    return option;
  }

  choose(at) {
    this.options[this.at]?.setAttribute("aria-selected", "false");
    this.at = at;
    const option = this.options[at];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  press(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (!open) return void this.ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place beyond either end is the box itself.
      const next = this.at + step;
      this.choose(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === "Enter" && open && this.at >= 0) {
      event.preventDefault();
      this.go(this.options[this.at]);
    } else if (event.key === "Escape" && open) {
      // The first Escape closes the list, the next one empties the box as browsers do.
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" || event.key === "Enter") {
      this.close();
    }
  }

  go(option) {
    this.close();
    location.assign(`${document.documentElement.dataset.root ?? ""}${option.dataset.url}`);
  }

  close() {
    clearTimeout(this.timer);
    this.underway?.abort();
    this.asked = "";
    this.choose(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.said.textContent = "";
  }
}

export const attach = (form) => new Suggest(form);
