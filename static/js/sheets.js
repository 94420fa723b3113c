// The pages of a PDF, drawn by PDF.js: those near the screen, at the width there is. What is far
// away is given back, and so is everything when the PDF is closed. Its links work, those within it
// with a way back.

const SIZES = [1, 1.25, 1.5, 2, 3];
// Phones refuse a canvas beyond some 16 million dots.
const MOST_DOTS = 12_000_000;
const SETTLE = 150;
// Above what a link leads to.
const MARGIN = 24;

export class Sheets {
  #box;
  #tell;
  #task = null;
  #pdfjs = null;
  #drawn = new Map();
  #size = 0;
  #sizes = new ResizeObserver(() => this.#resized());
  #near = null;
  #timer = 0;
  #width = 0;
  #part = 0;
  #words = {};
  #left = [];

  // `tell` is called with the page that is read, how many there are, and whether `goBack` leads
  // anywhere.
  constructor(box, tell) {
    this.#box = box;
    this.#tell = tell;
  }

  // `sources` says where PDF.js and what it needs are, and what links within the PDF are called.
  // The bytes are its own from now on.
  async open(sources, bytes) {
    const pdfjs = await import(sources.library);
    if (!this.#box) return;
    this.#pdfjs = pdfjs;
    this.#words = sources;
    pdfjs.GlobalWorkerOptions.workerSrc = sources.worker;
    this.#task = pdfjs.getDocument({
      data: bytes,
      cMapUrl: `${sources.assets}cmaps/`,
      standardFontDataUrl: `${sources.assets}standard_fonts/`,
      wasmUrl: `${sources.assets}wasm/`,
      // The policy of the page forbids WebAssembly; there is JavaScript that does the same.
      useWasm: false,
      useWorkerFetch: false,
      verbosity: 0,
    });
    const pdf = await this.#task.promise;
    const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
    if (!this.#box) return;
    const sheets = Array.from({ length: pdf.numPages }, (_, index) => {
      const sheet = document.createElement("div");
      sheet.className = "leaf";
      sheet.dataset.number = index + 1;
      // Most papers have pages of one size; another is known when its page is drawn.
      sheet.style.aspectRatio = `${width} / ${height}`;
      return sheet;
    });
    this.#box.replaceChildren(...sheets);
    this.#width = this.#box.clientWidth;
    this.#near = new IntersectionObserver((entries) => entries.forEach((one) => this.#moved(pdf, one)), {
      root: this.#box,
      rootMargin: "75% 0px",
    });
    sheets.forEach((sheet) => this.#near.observe(sheet));
    this.#sizes.observe(this.#box);
    this.#box.addEventListener("scroll", () => this.#locate(), { passive: true });
    this.#locate();
  }

  // Larger (1) or smaller (-1); false where it goes no further.
  zoom(step) {
    const size = Math.min(SIZES.length - 1, Math.max(0, this.#size + step));
    const box = this.#box;
    const part = (box.scrollTop + box.clientHeight / 2) / box.scrollHeight;
    this.#size = size;
    box.style.setProperty("--size", SIZES[size]);
    box.scrollTop = part * box.scrollHeight - box.clientHeight / 2;
    this.#redraw();
    return { smaller: size > 0, larger: size < SIZES.length - 1 };
  }

  // To where the last link within the PDF was followed.
  goBack() {
    this.#goTo(this.#left.pop());
  }

  close() {
    clearTimeout(this.#timer);
    this.#near?.disconnect();
    this.#sizes.disconnect();
    for (const sheet of [...this.#drawn.keys()]) this.#forget(sheet);
    this.#box = null;
    this.#task?.destroy().finally(() => this.#pdfjs.TextLayer.cleanup());
    this.#task = null;
  }

  #moved(pdf, { target, isIntersecting }) {
    if (isIntersecting) this.#draw(pdf, target);
    else this.#forget(target);
  }

  async #draw(pdf, sheet) {
    const drawing = { pdf };
    this.#stop(this.#drawn.get(sheet));
    this.#drawn.set(sheet, drawing);
    const isWanted = () => this.#drawn.get(sheet) === drawing;
    try {
      const page = await pdf.getPage(Number(sheet.dataset.number));
      if (!isWanted()) return;
      drawing.page = page;
      const natural = page.getViewport({ scale: 1 });
      sheet.style.aspectRatio = `${natural.width} / ${natural.height}`;
      const viewport = page.getViewport({ scale: sheet.clientWidth / natural.width });
      sheet.style.setProperty("--total-scale-factor", viewport.scale);
      const dots = Math.min(devicePixelRatio, Math.sqrt(MOST_DOTS / (viewport.width * viewport.height)));
      const canvas = document.createElement("canvas");
      drawing.canvas = canvas;
      canvas.width = Math.floor(viewport.width * dots);
      canvas.height = Math.floor(viewport.height * dots);
      canvas.setAttribute("aria-hidden", "true");
      drawing.task = page.render({ canvas, viewport, transform: [dots, 0, 0, dots, 0, 0] });
      await drawing.task.promise;
      if (!isWanted()) return;
      // What stood here in another size goes when the new one is there.
      for (const old of sheet.querySelectorAll("canvas")) old.width = 0;
      const text = document.createElement("div");
      text.className = "text";
      sheet.replaceChildren(canvas, text);
      drawing.text = new this.#pdfjs.TextLayer({
        textContentSource: page.streamTextContent(),
        container: text,
        viewport,
      });
      await drawing.text.render();
      const marks = await page.getAnnotations();
      if (isWanted()) sheet.append(this.#makeLinks(pdf, marks, viewport));
    } catch (error) {
      // A page left behind is given up in the middle. One that is broken stays white.
      if (isWanted()) console.warn(error);
    }
  }

  // Over the text. Where an address is no web page's, PDF.js gives none.
  #makeLinks(pdf, marks, viewport) {
    const layer = document.createElement("div");
    layer.className = "links";
    for (const { subtype, rect, url, dest } of marks) {
      if (subtype !== "Link" || !(url || dest)) continue;
      const link = document.createElement(url ? "a" : "button");
      if (url) Object.assign(link, { href: url, title: url, target: "_blank", rel: "nofollow noopener noreferrer" });
      else link.addEventListener("click", () => this.#follow(pdf, dest));
      link.setAttribute("aria-label", url || this.#words.inside);
      const [left, top] = viewport.convertToViewportPoint(rect[0], rect[1]);
      const [right, bottom] = viewport.convertToViewportPoint(rect[2], rect[3]);
      const { style } = link;
      style.left = `${(100 * Math.min(left, right)) / viewport.width}%`;
      style.top = `${(100 * Math.min(top, bottom)) / viewport.height}%`;
      style.width = `${(100 * Math.abs(right - left)) / viewport.width}%`;
      style.height = `${(100 * Math.abs(bottom - top)) / viewport.height}%`;
      layer.append(link);
    }
    return layer;
  }

  // To a place in the PDF: its name, or [page, form, numbers ...].
  async #follow(pdf, dest) {
    try {
      const place = typeof dest === "string" ? await pdf.getDestination(dest) : dest;
      const [page, { name }, ...numbers] = place;
      const index = typeof page === "object" ? await pdf.getPageIndex(page) : page;
      const viewport = (await pdf.getPage(index + 1)).getViewport({ scale: 1 });
      const box = this.#box;
      if (!box) return;
      const height = { XYZ: numbers[1], FitH: numbers[0], FitBH: numbers[0], FitR: numbers[3] }[name];
      const down = Number.isFinite(height) ? viewport.convertToViewportPoint(0, height)[1] / viewport.height : 0;
      const sheet = box.children[index];
      this.#left.push(this.#part);
      this.#goTo((sheet.offsetTop + down * sheet.offsetHeight + box.clientHeight / 3 - MARGIN) / box.scrollHeight);
    } catch (error) {
      // A link to nowhere stays where it is.
      console.warn(error);
    }
  }

  // What is at this part of the whole comes to where one reads.
  #goTo(part) {
    const box = this.#box;
    box.scrollTop = part * box.scrollHeight - box.clientHeight / 3;
    this.#locate();
  }

  #stop(drawing) {
    drawing?.task?.cancel();
    drawing?.text?.cancel();
  }

  #forget(sheet) {
    const drawing = this.#drawn.get(sheet);
    if (!drawing) return;
    this.#drawn.delete(sheet);
    this.#stop(drawing);
    for (const canvas of [drawing.canvas, ...sheet.querySelectorAll("canvas")]) if (canvas) canvas.width = 0;
    sheet.replaceChildren();
    drawing.page?.cleanup();
  }

  #redraw() {
    for (const [sheet, { pdf }] of this.#drawn) this.#draw(pdf, sheet);
  }

  #resized() {
    const box = this.#box;
    this.#goTo(this.#part);
    if (box.clientWidth === this.#width) return;
    this.#width = box.clientWidth;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#redraw(), SETTLE);
  }

  #locate() {
    const box = this.#box;
    if (!box) return;
    // Read is what stands a third of the way down.
    const middle = box.scrollTop + box.clientHeight / 3;
    this.#part = middle / box.scrollHeight;
    const sheets = [...box.children];
    const at = sheets.findIndex((sheet) => sheet.offsetTop + sheet.offsetHeight > middle);
    this.#tell(at < 0 ? sheets.length : at + 1, sheets.length, this.#left.length > 0);
  }
}
