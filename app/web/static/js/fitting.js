// Whether a text fits where it stands: nothing of it cut off, not wider than its box, in no more lines than its place holds.
const lines = (range) => {
  const tops = new Set();
  for (const box of range.getClientRects()) if (box.width) tops.add(Math.round(box.bottom / 4));
  return tops.size;
};

const isCut = (element) => {
  for (let one = element; one && one.nodeType === 1; one = one.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(one);
    const isRoot = one === one.ownerDocument.body || one === one.ownerDocument.documentElement;
    if (isRoot) return false;
    const hides = (value) => value === "hidden" || value === "clip";
    if (hides(overflowY) && one.scrollHeight > one.clientHeight + 2) return true;
    if (hides(overflowX) && one.scrollWidth > one.clientWidth + 2) return true;
    if (/auto|scroll/.test(overflowX + overflowY)) return false;
  }
  return false;
};

/** List what is wrong: {kind: "cut" | "wide" | "lines", where, lines, most}. */
export const fits = (element, where) => {
  const words = element.querySelector(":scope > [data-words]") || element;
  if (!words.getClientRects().length) return [];
  const range = element.ownerDocument.createRange();
  range.selectNodeContents(words);
  const told = [];
  if (isCut(words)) told.push({ kind: "cut", where });
  const box = element.getBoundingClientRect();
  const text = range.getBoundingClientRect();
  const page = element.ownerDocument.documentElement;
  if (!told.length && (text.width > box.width + 2 || text.left < -2 || text.right > page.clientWidth + 2)) told.push({ kind: "wide", where });
  const most = Number(element.dataset.lines || 0);
  const count = most ? lines(range) : 0;
  if (!told.length && most && count > most) told.push({ kind: "lines", where, lines: count, most });
  return told;
};
