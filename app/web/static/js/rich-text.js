// Rich text: a small editor over each area, with one toolbar stop, undo, links and a count of words.
// What it writes goes into the plain textarea, which is what the form sends; the server cleans it again.
import Squire from "../vendor/squire/squire.min.js";
import { SAFE, sanitise } from "./rich-paste.js";

const setBlock = (editor, tag) =>
  editor.modifyBlocks((fragment) => {
    for (const block of [...fragment.children].flatMap((one) => (one.matches("blockquote") ? [...one.children] : [one]))) {
      if (!block.matches("p, h2, h3")) continue;
      const made = document.createElement(tag);
      made.append(...block.childNodes);
      block.replaceWith(made);
    }
    return fragment;
  });
const toggle = (editor, is, on, off) => (is ? off.call(editor) : on.call(editor));
const DOES = {
  bold: (editor, is) => toggle(editor, is, editor.bold, editor.removeBold),
  italic: (editor, is) => toggle(editor, is, editor.italic, editor.removeItalic),
  strike: (editor, is) => toggle(editor, is, editor.strikethrough, editor.removeStrikethrough),
  h2: (editor, is) => setBlock(editor, is ? "p" : "h2"),
  h3: (editor, is) => setBlock(editor, is ? "p" : "h3"),
  ul: (editor, is) => toggle(editor, is, editor.makeUnorderedList, editor.removeList),
  ol: (editor, is) => toggle(editor, is, editor.makeOrderedList, editor.removeList),
  quote: (editor, is) => toggle(editor, is, editor.increaseQuoteLevel, editor.decreaseQuoteLevel),
  clear: (editor) => editor.removeAllFormatting(),
  undo: (editor) => editor.undo(),
  redo: (editor) => editor.redo(),
};
const TAGS = { bold: "B", italic: "I", strike: "S", h2: "H2", h3: "H3", ul: "UL", ol: "OL", quote: "BLOCKQUOTE", link: "A" };

const address = (typed) => {
  const text = typed.trim();
  if (!text) return "";
  if (SAFE.test(text)) return text;
  return /^[^\s@/]+@[^\s@]+$/.test(text) ? `mailto:${text}` : `https://${text.replace(/^[a-z]+:\/*/i, "")}`;
};

const dress = (box) => {
  const source = box.querySelector("textarea");
  if (box.querySelector("[contenteditable], .f-rich-area")) return;
  const area = Object.assign(document.createElement("div"), { className: "f-rich-area f-prose", dir: source.dir });
  if (source.lang) area.lang = source.lang;
  area.setAttribute("role", "textbox");
  area.setAttribute("aria-multiline", "true");
  area.setAttribute("aria-labelledby", box.dataset.label);
  for (const name of ["aria-describedby", "aria-invalid"]) if (source.hasAttribute(name)) area.setAttribute(name, source.getAttribute(name));
  source.before(area);
  source.hidden = true;
  const count = Object.assign(document.createElement("p"), { className: "f-rich-count" });
  box.append(count);
  const tell = () => {
    // The box says that it is empty: a new class of the area would count as a change, and lose what can be redone.
    const text = area.innerHTML.replace(/<\/?(p|h2|h3|li|ul|ol|blockquote|br)\b[^>]*>/g, " ").replace(/<[^>]*>|&nbsp;|\u200b/g, (part) => (part === "&nbsp;" ? " " : ""));
    const words = text.trim() ? text.trim().split(/\s+/u).length : 0;
    count.textContent = box.dataset.words.replace("{count}", words);
    box.classList.toggle("is-empty", !words && !area.querySelector("li, blockquote, h2, h3, hr"));
  };
  if (box.dataset.fallback) {
    area.dataset.placeholder = new DOMParser().parseFromString(box.dataset.fallback.replace(/<\/(p|h2|h3|li)>/g, " "), "text/html").body.textContent.trim();
  }
  if (source.readOnly) {
    area.append(sanitise(source.value));
    area.tabIndex = 0;
    area.setAttribute("aria-readonly", "true");
    tell();
    return;
  }
  const editor = new Squire(area, { blockTag: "P", addLinks: true, sanitizeToDOMFragment: sanitise });
  const read = () => {
    const html = editor.getHTML().replace(/<p>(<br>)?<\/p>$/g, "");
    return area.textContent.trim() || area.querySelector("hr") ? html : "";
  };
  let own = source.value;
  const load = () => {
    editor.setHTML(source.value || "");
    own = source.value;
    for (const button of box.querySelectorAll('[data-does="undo"], [data-does="redo"]')) button.setAttribute("aria-disabled", "true");
    tell();
  };
  load();
  const began = { text: source.value, html: read() };
  editor.addEventListener("input", () => {
    const html = read();
    own = source.value = html === began.html ? began.text : html; // what is as it was counts as unchanged
    source.dispatchEvent(new Event("input", { bubbles: true }));
    tell();
  });
  source.addEventListener("input", () => source.value !== own && load()); // written by another part of the form
  source.addEventListener("change", () => source.value !== own && load());
  addTools(box, area, editor);
};

const addTools = (box, area, editor) => {
  box.prepend(document.querySelector("[data-rich-tools]").content.cloneNode(true));
  const bar = box.querySelector(".f-rich-tools");
  const buttons = [...bar.querySelectorAll("button")];
  const line = box.querySelector("[data-link-line]");
  const field = line.querySelector("input");
  buttons[0].tabIndex = 0;
  const isOn = (name) => buttons.find((button) => button.dataset.does === name)?.getAttribute("aria-pressed") === "true";
  const openLink = () => {
    line.hidden = false;
    const range = editor.getSelection();
    const link = (range.startContainer.parentElement || area).closest("a");
    field.value = link && area.contains(link) ? link.getAttribute("href") : "";
    field.focus();
  };
  const closeLink = () => {
    line.hidden = true;
    editor.focus();
  };
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.does === "link") openLink();
    else {
      DOES[button.dataset.does](editor, isOn(button.dataset.does));
      if (event.detail) editor.focus(); // by mouse; by keyboard one stays among the tools
      show();
    }
  });
  bar.addEventListener("keydown", (event) => {
    const turn = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
    const step = { ArrowRight: turn, ArrowLeft: -turn, Home: -99, End: 99 }[event.key];
    if (event.key === "Escape") editor.focus();
    if (!step) return;
    event.preventDefault();
    const at = Math.max(0, Math.min(buttons.length - 1, buttons.indexOf(document.activeElement) + step));
    for (const button of buttons) button.tabIndex = -1;
    buttons[at].tabIndex = 0;
    buttons[at].focus();
  });
  const setLink = () => {
    const url = address(field.value);
    line.hidden = true;
    editor.focus();
    if (url) editor.makeLink(url);
    else editor.removeLink();
  };
  line.querySelector("[data-link-set]").addEventListener("click", setLink);
  line.querySelector("[data-link-off]").addEventListener("click", () => {
    line.hidden = true;
    editor.focus();
    editor.removeLink();
  });
  line.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      closeLink();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    setLink();
  });
  for (const key of ["Ctrl-k", "Meta-k"]) {
    editor.setKeyHandler(key, (_self, event) => {
      event.preventDefault();
      event.stopPropagation();
      openLink();
    });
  }
  // Alt and F10 lead from the text to its tools, as in other editors.
  area.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "F10") {
      event.preventDefault();
      buttons.find((button) => button.tabIndex === 0).focus();
    }
  });
  const show = () => {
    for (const button of buttons) {
      const tag = TAGS[button.dataset.does];
      if (tag) button.setAttribute("aria-pressed", String(editor.hasFormat(tag)));
    }
  };
  editor.addEventListener("pathChange", show);
  editor.addEventListener("select", show);
  editor.addEventListener("undoStateChange", (event) => {
    for (const [name, can] of [["undo", event.detail.canUndo], ["redo", event.detail.canRedo]]) {
      buttons.find((button) => button.dataset.does === name).setAttribute("aria-disabled", String(!can));
    }
  });
};

const dressAll = (root) => {
  for (const box of root.querySelectorAll("[data-rich]")) dress(box);
};
dressAll(document);
document.addEventListener("festoon:row", (event) => dressAll(event.target));
