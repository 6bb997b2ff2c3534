// A list as a spreadsheet. Cells are walked with the arrows, typed over, pasted as a block and filled down; what was
// changed is tried out by the server while one types, and saved at once: all of it or nothing.
import { ask, sentences } from "./asking.js";
import { clashesIn, drawChoice, walkChoice } from "./grid-clash.js";
import { openEditor } from "./grid-editor.js";
import { guardCells } from "./grid-leaving.js";
import { followPointer } from "./grid-pointer.js";
import { followClipboard, readWord, wordOf } from "./grid-text.js";

const note = (...said) => window.Festoon.note(...said);
const TRY = 500;
let [table, bar, words] = [null, null, {}]; // another state of the list brings others

const heads = () => [...table.tHead.rows[0].cells];
const columns = () => heads().length - 1;
const rows = () => (table ? [...table.tBodies[0].rows] : []);
const cellAt = (row, column) => rows()[row]?.cells[column + 1];
const placeOf = (cell) => ({ row: rows().indexOf(cell.parentElement), column: cell.cellIndex - 1 });
const headOf = (cell) => heads()[cell.cellIndex];
const nameOf = (cell) => headOf(cell).dataset.name;
const reasonOf = (cell) => headOf(cell).dataset.reason || cell.dataset.reason || cell.parentElement.dataset.reason || "";
const rawOf = (cell) => cell.dataset.raw ?? "";
const isNew = (row) => !row.dataset.id;

let undo = [];
let from = { row: 0, column: 0 };
let to = { row: 0, column: 0 };
let trying = 0;
let made = 0;
let isSaving = false;

const draw = (cell) => {
  cell.textContent = wordOf(headOf(cell), rawOf(cell));
  cell.toggleAttribute("data-unsaved", rawOf(cell) !== (cell.dataset.was ?? ""));
  if (!isAsked(cell)) return;
  const { clash } = cell.dataset;
  drawChoice(cell, clashOf(cell), [[words.mine, () => answer(cell, rawOf(cell))], [words.keep, () => answer(cell, clash)]]);
};
const isAsked = (cell) => "clash" in cell.dataset;
const clashOf = (cell) => words.theirs.replace("{value}", wordOf(headOf(cell), cell.dataset.clash) || "–");
const setUp = (row) => {
  for (const cell of [...row.cells].slice(1)) {
    if (cell.dataset.raw === undefined) {
      cell.dataset.raw = cell.textContent;
      cell.dataset.was = cell.textContent;
    }
    cell.setAttribute("role", "gridcell");
    cell.tabIndex = -1;
    cell.dir = "auto";
    cell.dataset.kind = headOf(cell).dataset.kind;
    cell.dataset.label = headOf(cell).firstChild.textContent.trim();
    if (reasonOf(cell)) cell.setAttribute("aria-readonly", "true");
    draw(cell);
  }
};

const changedIn = (row) => [...row.cells].slice(1).filter((cell) => rawOf(cell) !== (cell.dataset.was ?? ""));
const isFilled = (row) => changedIn(row).length > 0;
const isOpen = (cell) => cell.querySelector(".f-grid-input") !== null;
const clear = (cell) => {
  cell.removeAttribute("aria-invalid");
  cell.removeAttribute("title");
  delete cell.dataset.fault;
};

const set = (cell, raw, remember = true) => {
  const before = rawOf(cell);
  if (before === raw || reasonOf(cell)) return false;
  if (remember) undo.at(-1)?.push([cell, before]);
  cell.dataset.raw = raw;
  clear(cell);
  if (isAsked(cell) && [cell.dataset.clash, cell.dataset.was].includes(raw)) {
    cell.dataset.raw = cell.dataset.clash; // as theirs, or given up: nothing is left to be asked
    settle(cell);
  }
  draw(cell);
  return true;
};

/** Do some changes as one step, which one Undo takes back. */
const step = (work) => {
  undo.push([]);
  work();
  if (!undo.at(-1).length) undo.pop();
  tell();
  tryOut();
};

const tell = () => {
  const state = bar.querySelector("[data-grid-state]");
  const count = rows().reduce((sum, row) => sum + changedIn(row).length, 0);
  const [first, ...others] = table.querySelectorAll("td[data-fault], td[data-clash]");
  const faults = first ? others.length + 1 : 0;
  const said = count === 0 ? state.dataset.clean : count === 1 ? state.dataset.one : state.dataset.many.replace("{n}", count);
  state.textContent = first ? `${said} · ${state.dataset.faults.replace("{n}", faults)}: ${first.dataset.fault ?? `${first.dataset.label}: ${clashOf(first)}`}` : said;
  state.classList.toggle("is-faulty", faults > 0);
  bar.querySelector("[data-grid-save]").disabled = !count;
  bar.querySelector("[data-grid-undo]").disabled = !undo.length;
};

// Choosing cells.
const box = () => ({
  top: Math.min(from.row, to.row), bottom: Math.max(from.row, to.row),
  start: Math.min(from.column, to.column), end: Math.max(from.column, to.column),
});
const chosen = () => {
  const { top, bottom, start, end } = box();
  return rows().slice(top, bottom + 1).map((row) => [...row.cells].slice(start + 1, end + 2));
};
const mark = () => {
  for (const cell of table.querySelectorAll("[aria-selected]")) cell.removeAttribute("aria-selected");
  for (const cell of chosen().flat()) cell.setAttribute("aria-selected", "true");
};
const go = (place, { extend = false, focus = true } = {}) => {
  const last = { row: rows().length - 1, column: columns() - 1 };
  to = { row: Math.max(0, Math.min(place.row, last.row)), column: Math.max(0, Math.min(place.column, last.column)) };
  if (!extend) from = { ...to };
  const active = cellAt(extend ? to.row : from.row, extend ? to.column : from.column);
  for (const cell of table.querySelectorAll("td[tabindex='0']")) cell.tabIndex = -1;
  active.tabIndex = 0;
  mark();
  if (focus) active.focus({ preventScroll: true });
  active.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const addRow = () => {
  const row = table.tBodies[0].insertRow();
  row.dataset.key = `new-${++made}`;
  const number = Object.assign(document.createElement("th"), { scope: "row", className: "f-grid-number", textContent: "+" });
  row.append(number, ...heads().slice(1).map(() => document.createElement("td")));
  setUp(row);
  return row;
};

// Pasting and filling down.
const paste = (block) => {
  const { top, start, bottom, end } = box();
  const most = Number(words.most);
  if (block.length > most) return note(words.tooMany, { tone: "warning" });
  const isOne = block.length === 1 && block[0].length === 1;
  let locked = 0;
  let left = 0; // beyond the last column, or the last row where none is added
  step(() => {
    const height = isOne ? bottom - top + 1 : block.length;
    const width = isOne ? end - start + 1 : Math.max(...block.map((row) => row.length));
    for (let down = 0; down < height; down += 1) {
      if (!rows()[top + down]) {
        if (!bar.querySelector("[data-grid-add]")) {
          left += block.slice(down).flat().filter((text) => text.trim()).length;
          break;
        }
        addRow();
      }
      for (let across = 0; across < width; across += 1) {
        const cell = cellAt(top + down, start + across);
        const text = isOne ? block[0][0] : block[down][across];
        if (!cell && text?.trim()) left += 1;
        if (!cell || text === undefined) continue;
        const raw = readWord(headOf(cell), text);
        if (raw === rawOf(cell)) continue;
        if (reasonOf(cell)) locked += 1;
        else set(cell, raw);
      }
    }
    from = { row: top, column: start };
    to = { row: Math.min(top + height, rows().length) - 1, column: Math.min(start + width - 1, columns() - 1) };
  });
  mark();
  if (left) note(words.leftOut.replace("{n}", left), { tone: "warning" });
  if (locked) note(locked === 1 ? words.lockedOne : words.locked.replace("{n}", locked), { tone: "info" });
};
const fillDown = () => {
  const block = chosen();
  if (block.length < 2) {
    const { top, start } = box();
    const above = cellAt(top - 1, start);
    if (above) step(() => set(cellAt(top, start), rawOf(above)));
    return;
  }
  step(() => {
    for (const row of block.slice(1)) row.forEach((cell, at) => set(cell, rawOf(block[0][at])));
  });
};

const takeBack = () => {
  for (const [cell, before] of (undo.pop() || []).reverse()) set(cell, before, false);
  tell();
  tryOut();
};

// Typing.
const edit = (cell, typed = null) => {
  if (reasonOf(cell)) return note(reasonOf(cell), { tone: "info" });
  const opened = rawOf(cell);
  openEditor(cell, headOf(cell), {
    typed,
    raw: opened,
    done(raw, move) {
      if (raw !== opened) step(() => set(cell, raw)); // a Save may have written it another way meanwhile
      const place = placeOf(cell);
      go({ row: place.row + (move?.row || 0), column: place.column + (move?.column || 0) });
    },
    left() {
      draw(cell);
      cell.focus({ preventScroll: true });
    },
  });
};

// Trying out and saving.
const sent = () =>
  rows().filter(isFilled).map((row) => ({
    key: row.dataset.id || row.dataset.key,
    id: row.dataset.id || "",
    revision: row.dataset.revision || "",
    values: Object.fromEntries(changedIn(row).map((cell) => [nameOf(cell), rawOf(cell)])),
  }));
const rowOf = (key) => rows().find((row) => (row.dataset.id || row.dataset.key) === key);
const cellOf = (row, name) => [...row.cells].find((cell) => cell.cellIndex > 0 && nameOf(cell) === name);

const showFaults = ({ faults = {}, conflicts = {} }, isTrial = false) => {
  for (const cell of table.querySelectorAll("[data-fault]")) clear(cell);
  for (const [key, byField] of Object.entries(faults)) {
    const row = rowOf(key);
    for (const [name, texts] of Object.entries(byField)) {
      const cell = (row && cellOf(row, name)) || row?.cells[1];
      if (!cell) continue;
      const column = cellOf(row, name) ? "" : `${name ? `${name}: ` : ""}`;
      cell.dataset.fault = `${column}${texts.join(" ")}`;
      cell.title = cell.dataset.fault;
      cell.setAttribute("aria-invalid", "true");
    }
  }
  for (const [key, theirs] of Object.entries(conflicts)) meet(rowOf(key), theirs, isTrial);
  tell();
};

// Somebody else saved a row meanwhile: what they changed and we did not is taken over, what both changed is asked.
// Their revision counts as seen when a Save finds nothing left to be asked, and never by a try-out.
const meet = (row, theirs, isTrial) => {
  if (!row || row.dataset.revision === theirs.revision) return;
  let isTyping = false;
  for (const cell of [...row.cells].slice(1)) {
    const now = theirs.values[nameOf(cell)];
    if (now === undefined || (now === cell.dataset.was && !isAsked(cell))) continue;
    if (isOpen(cell)) isTyping = true;
    else take(cell, now);
  }
  if (!isTrial && !isTyping && !clashesIn(row).length) row.dataset.revision = theirs.revision;
};
const take = (cell, now) => {
  if (cell.dataset.clash === now) return;
  const isMine = rawOf(cell) !== cell.dataset.was;
  delete cell.dataset.clash;
  if (isMine && now !== cell.dataset.was && rawOf(cell) !== now) cell.dataset.clash = now;
  else if (!isMine || rawOf(cell) === now) Object.assign(cell.dataset, { raw: now, was: now });
  draw(cell);
};
const settle = (cell) => {
  cell.dataset.was = cell.dataset.clash;
  delete cell.dataset.clash;
};
const answer = (cell, raw) => {
  step(() => {
    settle(cell);
    set(cell, raw);
  });
  draw(cell);
  go(placeOf(cell));
};

const tryOut = () => {
  clearTimeout(trying);
  trying = setTimeout(async () => {
    if (isSaving) return tryOut(); // what is being saved would be taken for somebody else's
    const asked = sent();
    if (!asked.length || asked.length > Number(words.most)) return;
    const answer = await ask(words.url, { json: { rows: asked, check: true }, csrf: words.csrf, keeps: true });
    if (answer.ok && !isSaving && JSON.stringify(asked) === JSON.stringify(sent())) showFaults(answer.facts, true);
  }, TRY);
};

// A row with an open choice is held back; one whose other values alone were changed is sent once more as it is now.
const save = async (isAgain = false) => {
  const button = bar.querySelector("[data-grid-save]");
  const isHeld = ({ key }) => clashesIn(rowOf(key)).length > 0;
  const asked = sent().filter((row) => !isHeld(row));
  if (isSaving) return;
  if (!asked.length) return goToClash();
  clearTimeout(trying);
  const [mine, steps] = [table, new Set(undo)];
  isSaving = true;
  button.setAttribute("aria-busy", "true");
  const answer = await ask(words.url, { json: { rows: asked }, csrf: words.csrf, keeps: true });
  button.removeAttribute("aria-busy");
  isSaving = false;
  if (!answer.ok && table !== mine) return; // one left meanwhile
  if (answer.status === 422) {
    showFaults(answer.facts);
    const isOnlyMet = !table.querySelector("[data-fault]") && !asked.some(isHeld);
    if (isOnlyMet) return isAgain ? note(words.failed, { tone: "danger" }) : save(true);
    table.querySelector("[data-fault]")?.scrollIntoView({ block: "center", inline: "nearest" });
    return goToClash();
  }
  if (answer.status === 401) return; // said already
  if (!answer.ok) return note(sentences(answer.facts)[0] || words.failed, { tone: "danger" });
  for (const { key, values } of asked) if (rowOf(key)) takeSaved(rowOf(key), answer.facts.saved[key], values);
  undo = undo.map((done) => (steps.has(done) ? done.filter(([cell]) => clashesIn(cell.parentElement).length) : done)).filter((done) => done.length);
  if (table) tell();
  document.dispatchEvent(new CustomEvent("festoon:changed"));
  note(answer.facts.said);
};

// What was changed while it was on its way stays as it is, unsaved against what came back.
const takeSaved = (row, { id, revision, values }, went) => {
  Object.assign(row.dataset, { id, revision });
  for (const cell of [...row.cells].slice(1)) {
    const before = went[nameOf(cell)] ?? cell.dataset.was ?? "";
    const now = values[nameOf(cell)] ?? before;
    if (rawOf(cell) === before) {
      cell.dataset.raw = now;
      clear(cell);
    }
    cell.dataset.was = now;
    if (!isOpen(cell)) draw(cell);
  }
};

const goToClash = () => {
  const [first] = clashesIn(table);
  if (first && !table.querySelector("[data-fault]")) go(placeOf(first));
};

const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageUp: [-10, 0], PageDown: [10, 0] };
const press = (event) => {
  const cell = event.target.closest("td");
  if (event.target.closest(".f-grid-clash")) return walkChoice(event, (by) => go({ ...placeOf(cell), column: cell.cellIndex - 1 + by }));
  if (!cell || event.target !== cell || event.isComposing) return;
  if (event.key === "Tab" && !event.shiftKey && isAsked(cell)) return; // into the choice
  const place = placeOf(cell);
  const withControl = event.ctrlKey || event.metaKey;
  const isRtl = document.documentElement.dir === "rtl";
  if (KEYS[event.key]) {
    const [down, across] = KEYS[event.key];
    const far = withControl ? 10_000 : 1;
    const start = event.shiftKey ? to : place;
    go({ row: start.row + down * far, column: start.column + across * far * (isRtl ? -1 : 1) }, { extend: event.shiftKey });
  } else if (event.key === "Tab" && (event.shiftKey ? place.column > 0 : place.column < columns() - 1)) {
    go({ row: place.row, column: place.column + (event.shiftKey ? -1 : 1) });
  } else if (event.key === "Home" || event.key === "End") go({ row: place.row, column: event.key === "Home" ? 0 : 10_000 }, { extend: event.shiftKey });
  else if (withControl && event.key === "d") fillDown();
  else if (withControl && event.key === "z") takeBack();
  else if (withControl && event.key === "s") save();
  else if (withControl && event.key === "a") {
    from = { row: 0, column: 0 };
    to = { row: rows().length - 1, column: columns() - 1 };
    mark();
  } else if (withControl || event.altKey) return;
  else if (event.key === "Enter" || event.key === "F2") edit(cell);
  else if (event.key === "Delete" || event.key === "Backspace") step(() => chosen().flat().forEach((one) => set(one, "")));
  else if (event.key.length === 1) edit(cell, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
};

const isUnsaved = () => rows().some(isFilled);
addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault();
});

guardCells(() => {
  table?.querySelector(".f-grid-input")?.blur(); // what is being typed counts
  return isUnsaved();
});

const start = () => {
  clearTimeout(trying);
  table = document.querySelector("[data-grid]");
  if (!table) return;
  [bar, words] = [document.querySelector("[data-grid-bar]"), table.dataset];
  undo = [];
  [from, to] = [{ row: 0, column: 0 }, { row: 0, column: 0 }];
  rows().forEach(setUp);
  const first = cellAt(0, 0);
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", press);
  followPointer(table, { placeOf, go, edit });
  followClipboard(table, { copied: () => chosen().map((row) => row.map((cell) => wordOf(headOf(cell), rawOf(cell)))), paste });
  bar.querySelector("[data-grid-save]").addEventListener("click", () => save());
  bar.querySelector("[data-grid-undo]").addEventListener("click", takeBack);
  bar.querySelector("[data-grid-add]")?.addEventListener("click", () => go({ row: addRow() && rows().length - 1, column: 0 }));
  tell();
};
document.addEventListener("festoon:rows", start);
start();
