// The file of stars, both ways. What comes in is somebody's file: each field is checked, and the
// first wrong line is named.

const FORMAT = "coolpapers.stars/1";
const ID = /^(\d{4}\.\d{4,5}|[a-z]+(-[a-z]+)*(\.[A-Z]{2})?\/\d{7})$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
// Turns what is written after it.
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
const LONGEST = { title: 2_000, authors: 50_000, subject: 40 };

// A paper a line.
export function writeStars(stars) {
  const lines = Object.entries(stars).map(([id, { title, authors, subject, at }]) =>
    JSON.stringify({ id, title, authors, subject, at }),
  );
  return `{"format":"${FORMAT}","stars":[\n${lines.join(",\n")}\n]}\n`;
}

// {stars}, or {wrong, line, field}: `wrong` is syntax, format or entry.
export function readStars(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { wrong: "syntax", line: findFault(text, String(error.message)) };
  }
  if (found?.format !== FORMAT || !Array.isArray(found.stars)) return { wrong: "format", line: 1 };
  const stars = {};
  for (const [index, entry] of found.stars.entries()) {
    const field = findWrongField(entry);
    if (field) return { wrong: "entry", line: findEntries(text)[index] ?? 1, field };
    const { id, title, authors = "", subject = "", at } = entry;
    const texts = { title, authors, subject };
    for (const name of Object.keys(texts)) texts[name] = texts[name].replace(TURNING, "");
    stars[id] = { ...texts, at };
  }
  return { stars };
}

function findWrongField(entry) {
  if (!entry || typeof entry !== "object") return "id";
  if (typeof entry.id !== "string" || !ID.test(entry.id)) return "id";
  if (!entry.title) return "title";
  for (const [name, most] of Object.entries(LONGEST)) {
    const value = entry[name] ?? "";
    if (typeof value !== "string" || value.length > most) return name;
  }
  const time = entry.at;
  return typeof time === "string" && TIME.test(time) && Date.parse(time) > 0 ? "" : "at";
}

const countLines = (text) => text.split("\n").length;

// Browsers say where JSON breaks in different ways, or not at all: then the first line that looks
// like a paper and is none.
function findFault(text, message) {
  const line = /line (\d+)/.exec(message);
  if (line) return Number(line[1]);
  const position = /position (\d+)/.exec(message);
  if (position) return countLines(text.slice(0, Number(position[1])));
  const lines = text.split("\n");
  const broken = lines.findIndex((one) => {
    if (!one.startsWith('{"id"')) return false;
    try {
      JSON.parse(one.replace(/,\s*$/, ""));
      return false;
    } catch {
      return true;
    }
  });
  return broken < 0 ? lines.length : broken + 1;
}

// On which line each entry of the array begins: what stands two brackets deep.
function findEntries(text) {
  const begins = [];
  let line = 1;
  let depth = 0;
  let inside = false;
  let fresh = false;
  for (let i = 0; i < text.length; i += 1) {
    const one = text[i];
    if (one === "\n") line += 1;
    if (inside) {
      if (one === "\\") i += 1;
      else if (one === '"') inside = false;
      continue;
    }
    if (fresh && depth === 2 && !/[\s\],]/.test(one)) {
      begins.push(line);
      fresh = false;
    }
    if (one === '"') inside = true;
    else if (one === "[" || one === "{") {
      depth += 1;
      fresh = depth === 2 && one === "[";
    } else if (one === "]" || one === "}") depth -= 1;
    else if (one === "," && depth === 2) fresh = true;
  }
  return begins;
}
