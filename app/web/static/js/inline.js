// One value changed where it stands: a cell is chosen with the arrows or a click, opened with Enter or a double click,
// saved with Enter or by leaving it. What was there before comes back with the note's Undo.
import { ask, sentences } from "./asking.js";
import { takeBack, writeCell } from "./cell-writing.js";

const renewed = () => window.Festoon.renewed?.();
const note = (...said) => window.Festoon.note(...said);

const rows = () => document.getElementById("rows");
const TWICE = 220;
const words = () => document.querySelector("[data-cell-words]").dataset;
let opening = 0;

const headOf = (cell) => cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
const editsOf = (cell) => (cell?.closest("#rows .f-table tbody") ? headOf(cell)?.dataset.edits || "" : "");
const urlOf = (cell) => `${location.pathname}${cell.closest("tr").dataset.id}/cell`;

const choose = (cell) => {
  if (!cell) return;
  for (const other of rows().querySelectorAll("td[tabindex]")) other.removeAttribute("tabindex");
  cell.tabIndex = 0;
  cell.focus({ preventScroll: false });
};

const close = (cell, { back = true } = {}) => {
  const form = cell.querySelector(".f-cell-edit");
  if (!form) return;
  form.dataset.closing = "1"; // taking it away is leaving it, which would save
  form.remove();
  cell.classList.remove("is-editing");
  if (back) choose(cell);
};

const fail = (form, sentence, choices = []) => {
  const line = form.querySelector(".f-cell-error");
  line.textContent = sentence;
  for (const [label, act] of choices) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "f-quiet", textContent: label });
    button.addEventListener("click", act);
    line.append(" ", button);
  }
  line.hidden = false;
  const input = form.elements.value;
  input.setAttribute("aria-invalid", "true");
  input.focus();
};

const undone = async (url, field, saved) => {
  const answer = await takeBack(url, field, saved);
  if (!answer.ok) note(sentences(answer.facts)[0] || words().failed, { tone: "danger" });
  await renewed();
};

const save = async (cell, then = null) => {
  const form = cell.querySelector(".f-cell-edit");
  if (!form || form.dataset.sending) return;
  const field = editsOf(cell);
  const url = urlOf(cell);
  const { value, defaultValue, options } = form.elements.value;
  const before = options ? [...options].find((option) => option.defaultSelected)?.value ?? "" : defaultValue;
  if (value === before) {
    close(cell);
    then?.();
    return;
  }
  form.dataset.sending = "1";
  const answer = await writeCell(url, field, value, form.elements.revision.value);
  delete form.dataset.sending;
  if (answer.ok) {
    close(cell, { back: !then });
    await renewed();
    note(answer.facts.said, { undo: { words: words().undo, do: () => undone(url, field, answer.facts) } });
    then?.();
  } else if (answer.facts.code === "stale_revision") {
    const { revision, theirs, value: now } = answer.facts;
    fail(form, words().theirs.replace("{value}", theirs || "–"), [
      [words().mine, () => { form.elements.revision.value = revision; save(cell); }],
      [words().keep, () => { form.elements.value.value = now; close(cell); renewed(); }],
    ]);
  } else fail(form, sentences(answer.facts)[0] || words().failed);
};

const step = (cell, by) => {
  const all = [...rows().querySelectorAll(".f-table tbody td")].filter(editsOf);
  return all[all.indexOf(cell) + by];
};

const open = async (cell) => {
  const field = editsOf(cell);
  if (!field || cell.querySelector(".f-cell-edit")) return;
  const mine = ++opening;
  cell.setAttribute("aria-busy", "true");
  const answer = await ask(`${urlOf(cell)}?field=${encodeURIComponent(field)}`);
  cell.removeAttribute("aria-busy");
  if (mine !== opening) return;
  if (!answer.html) return note(sentences(answer.facts)[0] || words().failed, { tone: "info" });
  const form = new DOMParser().parseFromString(answer.html, "text/html").querySelector("form");
  cell.append(document.adoptNode(form));
  cell.classList.add("is-editing");
  const input = form.elements.value;
  input.focus();
  input.select?.();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(cell);
  });
  form.addEventListener("focusout", (event) => {
    if (!form.dataset.closing && !form.contains(event.relatedTarget) && document.hasFocus() && !form.querySelector("[aria-invalid]")) save(cell, () => {});
  });
  form.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close(cell);
    else if (event.key === "Enter" && (!input.matches("textarea") || event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      save(cell);
    } else if (event.key === "Tab") {
      const next = step(cell, event.shiftKey ? -1 : 1);
      if (!next) return;
      event.preventDefault();
      const place = { id: next.parentElement.dataset.id, at: next.cellIndex };
      save(cell, () => open(rows().querySelector(`tr[data-id="${place.id}"]`)?.cells[place.at]));
    }
  });
};

// A click opens the record as anywhere in the row; two open the cell instead.
let clicked = 0;
document.addEventListener(
  "click",
  (event) => {
    const cell = event.target.closest?.("#rows .f-table tbody td");
    if (!cell || !editsOf(cell) || cell.querySelector(".f-cell-edit") || event.target.closest("a, button, input, label")) {
      if (cell?.querySelector(".f-cell-edit")) event.stopPropagation();
      return;
    }
    if (event.ctrlKey || event.metaKey || matchMedia("(hover: none)").matches) return;
    event.stopPropagation();
    clearTimeout(clicked);
    if (event.detail > 1) return;
    const door = cell.parentElement.querySelector(".f-first a");
    clicked = setTimeout(() => {
      if (!getSelection().toString()) door?.click();
    }, TWICE);
  },
  true,
);
document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest?.("#rows .f-table tbody td");
  if (!editsOf(cell) || event.target.closest("a, button, input, select, textarea")) return;
  clearTimeout(clicked);
  getSelection().removeAllRanges();
  open(cell);
});

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
document.addEventListener("keydown", (event) => {
  const target = event.target.closest?.("#rows .f-table tbody :is(td, td.f-first a)");
  const isBox = event.target.matches?.("#rows input[name=ids]"); // it stands for its row, as the row's link does
  if (!target || (event.target.closest("input, select, textarea, button") && !isBox) || event.altKey || event.ctrlKey || event.metaKey) return;
  const cell = isBox ? target.closest("tr").querySelector(".f-first") : target.closest("td");
  const isCell = event.target === cell;
  if (MOVES[event.key] && (isCell || MOVES[event.key][0])) {
    let [across, down] = MOVES[event.key];
    if (document.dir === "rtl" || document.documentElement.dir === "rtl") across = -across;
    const row = down ? (down > 0 ? cell.parentElement.nextElementSibling : cell.parentElement.previousElementSibling) : cell.parentElement;
    const next = row?.cells[cell.cellIndex + across];
    if (!next) return;
    event.preventDefault();
    if (next.matches(".f-first")) next.querySelector("a")?.focus();
    else if (!next.matches(".f-check, .f-row-end")) choose(next);
  } else if (isCell && ["Enter", "F2", "e"].includes(event.key)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (editsOf(cell)) open(cell);
    else note(words().locked, { tone: "info" });
  } else if (event.target.matches(".f-first a") && event.key === "F2" && editsOf(cell)) {
    event.preventDefault();
    open(cell);
  }
}, true);
