// The one door to what is kept in this browser. Only values that JSON can say; what is stored by
// another release or by hand may be anything, so readers check what they take.

const known = new Map();

// The value under a key, or `otherwise`, also where storage is forbidden or holds no JSON.
export function read(key, otherwise) {
  try {
    const text = localStorage.getItem(key);
    if (text === null) return otherwise;
    if (known.get(key)?.text !== text) known.set(key, { text, value: JSON.parse(text) });
    return known.get(key).value ?? otherwise;
  } catch {
    return otherwise;
  }
}

// Keep a value; null takes it away. False where there is no room or no leave.
export function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    known.delete(key);
    return true;
  } catch {
    return false;
  }
}

// An object under a key; anything else counts as an empty one. A copy: write() it to change it.
export function readObject(key) {
  const value = read(key);
  return value && typeof value === "object" && !Array.isArray(value) ? { ...value } : {};
}

// Call when another window changes what is under the key.
export function watch(key, changed) {
  addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) changed();
  });
}

// Browsers may drop local data after a while; this asks them not to.
export function persist() {
  navigator.storage?.persist?.().catch(() => {});
}
