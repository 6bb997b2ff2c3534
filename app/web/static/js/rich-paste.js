// HTML from elsewhere, as a word processor puts it on the clipboard, rebuilt from what we know; never taken as it is.

const KEPT = new Set(["P", "BR", "H2", "H3", "STRONG", "EM", "B", "I", "S", "UL", "OL", "LI", "BLOCKQUOTE", "A", "HR"]);
const OTHER = { H1: "H2", H4: "H3", H5: "H3", H6: "H3", DEL: "S", STRIKE: "S", DIV: "P" };
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "HEAD", "TITLE"]);
const BLOCKS = "p, div, ul, ol, li, table, blockquote, h1, h2, h3, h4, h5, h6";
export const SAFE = /^(https?:|mailto:|tel:|\/|#)/i;

const NUMBER = /^\(?[\p{N}\p{L}]{1,5}[.)]/u;
const MARKER = /^[\s\u00a0]*([·•▪●○‣§o]|\(?(?:\p{N}{1,3}|\p{L}|[ivx]{1,5})[.)])[\s\u00a0]+/u;

// Styles and handlers go before the parsing: the content policy would report each of them. Two styles say what
// something is and not how it looks: an item of a list, and bold.
const stand = (_whole, name, quoted) => {
  if (name.toLowerCase() !== "style") return "";
  const [, ignored, list, level] = /mso-list:\s*(?:(ignore)|(l\d+)\s+level(\d))/i.exec(quoted) || [];
  const [, weight] = /(?:^|[;"'\s])font-weight:\s*([a-z]+|\d+)/i.exec(quoted) || [];
  const isBold = /^bold/i.test(weight) || Number(weight) >= 600;
  const said = [weight && ` data-pasted-bold="${isBold ? "on" : "off"}"`, ignored && " data-pasted-marker", list && ` data-pasted-list="${list} ${level}"`];
  return said.filter(Boolean).join("");
};
const unstyled = (html) =>
  html.replace(/<style[^]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/[\s/](style|on[a-z]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, stand));

/** Tell of a paragraph that stands for an item: which list, how deep, numbered or not; its marker is taken away. */
const itemOf = (node) => {
  if (!node.matches("p, div, h1, h2, h3, h4, h5, h6")) return null;
  const [list, level] = (node.getAttribute("data-pasted-list") || "").split(" ");
  const marker = node.querySelector("[data-pasted-marker]");
  if (list) return { list, level: Number(level), tag: NUMBER.test((marker?.textContent || "").trim()) ? "OL" : "UL" };
  const found = /MsoListParagraph/i.test(node.className) && MARKER.exec(node.textContent);
  if (!found) return null;
  const range = document.createRange();
  range.setStart(node, 0);
  range.setEnd(...placeAt(node, found[0].length));
  range.deleteContents();
  return { list: "", level: 1, tag: NUMBER.test(found[1]) ? "OL" : "UL" };
};
const placeAt = (node, length) => {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  let left = length;
  while (texts.nextNode()) {
    if (left <= texts.currentNode.length) return [texts.currentNode, left];
    left -= texts.currentNode.length;
  }
  return [node, node.childNodes.length];
};

/** Give the list that takes an item; `open` are those that are not ended yet, the outermost first. */
const listFor = ({ list, level, tag }, open, into) => {
  while (open.length && open.at(-1).level > level) open.pop();
  if (open.at(-1)?.level === level && (open.at(-1).list !== list || open.at(-1).made.tagName !== tag)) open.pop();
  if (open.at(-1)?.level !== level) {
    const made = document.createElement(tag);
    (open.at(-1)?.made.lastElementChild || into).append(made);
    open.push({ list, level, made });
  }
  return open.at(-1).made;
};

const isBold = (node, into) => node.getAttribute("data-pasted-bold") === "on" && !into.closest?.("b, strong, h2, h3") && !node.querySelector(BLOCKS);
const fill = (node, into) => {
  let target = into;
  if (isBold(node, into) && !/^(B|STRONG)$/i.test(node.tagName)) into.append((target = document.createElement("b")));
  rebuild(node, target);
};

const rebuild = (from, into) => {
  let open = [];
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE && (!open.length || node.data.trim())) {
      open = [];
      into.append(document.createTextNode(node.data));
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.hasAttribute("data-pasted-marker")) continue;
    const tag = node.tagName.toUpperCase();
    if (DROPPED.has(tag)) continue;
    const item = itemOf(node);
    if (!item) open = [];
    const name = item ? "LI" : OTHER[tag] || tag;
    const href = name === "A" ? (node.getAttribute("href") || "").trim() : "";
    const isOff = /^(B|STRONG)$/.test(name) && node.getAttribute("data-pasted-bold") === "off";
    if (!KEPT.has(name) || isOff || (name === "A" && !SAFE.test(href))) {
      fill(node, into);
      continue;
    }
    const made = document.createElement(name);
    if (href) made.setAttribute("href", href);
    (item ? listFor(item, open, into) : into).append(made);
    fill(node, made);
  }
  return into;
};

export const sanitise = (html) => rebuild(new DOMParser().parseFromString(unstyled(html), "text/html").body, document.createDocumentFragment());
