// A board: a card is moved by dragging it, by its menu (m), or with Shift and an arrow key. The server does what leads
// to the column, some seconds later where it cannot be undone; where it refuses, the card goes back and says why.
import { ask, sentences } from "./asking.js";
import { hold } from "./holding.js";

const note = (...said) => window.Festoon.note(...said);
const board = () => document.querySelector("[data-board]");
const columnOf = (card) => card.closest("[data-column]");
const columns = () => [...board().querySelectorAll("[data-column]")];
const labelOf = (column) => column.querySelector("[data-label]").dataset.label;
const allowed = (card) => (card.dataset.to || "").split(" ").filter(Boolean);
const tell = (column) => (document.getElementById("announce").textContent = board().dataset.moved.replace("{column}", () => labelOf(column)));

const count = (column, by) => {
  const total = column.querySelector("[data-total]");
  total.dataset.total = Math.max(0, Number(total.dataset.total) + by);
  total.textContent = new Intl.NumberFormat(document.documentElement.lang).format(total.dataset.total);
};

// Puts a card on top of a column, or before another there; null is the end.
const put = (card, column, before = column.querySelector("[data-cards]").firstElementChild) => {
  const from = columnOf(card);
  const focused = card.contains(document.activeElement) && document.activeElement;
  column.querySelector("[data-cards]").insertBefore(card, before);
  if (focused) focused.focus({ preventScroll: true }); // what changes its place loses it
  if (from !== column) {
    count(from, -1);
    count(column, 1);
  }
};

const reasonFor = (column) => {
  const dialog = document.getElementById(column.dataset.asks);
  const form = dialog.querySelector("form");
  form.reset();
  dialog.showModal();
  return new Promise((resolve) => {
    const done = new AbortController();
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        resolve(form.elements.reason.value);
        done.abort();
        dialog.close();
      },
      { signal: done.signal, capture: true },
    );
    dialog.addEventListener("close", () => (resolve(null), done.abort()), { signal: done.signal });
  });
};

// Until the server has said that a card stands where it was put: {to, from, before, held, isSent}, by its key.
const moves = new Map();
const cardOf = (id, root = document) => [...root.querySelectorAll("[data-board] .f-card")].find((card) => card.dataset.id === id);
const called = (value, root = document) => [...root.querySelectorAll("[data-board] [data-column]")].find((column) => column.dataset.column === value);
const spotOf = (card) => ({ from: columnOf(card).dataset.column, before: card.nextElementSibling?.dataset.id });

const offered = (card) => [...allowed(card), moves.get(card.dataset.id)?.from];

const mark = (card, change = null) => {
  card.classList.toggle("is-held", Boolean(change?.held));
  if (change?.isSent) card.dataset.sending = "1";
  else delete card.dataset.sending;
};

const putBack = (card, { from, before }) => {
  const column = called(from);
  const list = column.querySelector("[data-cards]");
  const next = [...list.children].find((other) => other.dataset.id === before && other !== card);
  put(card, column, next || list.querySelector(".f-cards-more"));
};

const refuse = (card, change) => {
  putBack(card, change);
  card.classList.add("is-refused");
  setTimeout(() => card.classList.remove("is-refused"), 700);
};

/** Have a move done; resolves with whether it was. */
const perform = async (id, change) => {
  const { url, csrf, failed, undo } = change.words;
  change.isSent = true;
  if (cardOf(id)) mark(cardOf(id), change);
  const answer = await ask(`${url}${id}/move`, { body: { to: change.to, reason: change.reason }, csrf, keepalive: true });
  moves.delete(id);
  const card = cardOf(id);
  if (card) mark(card);
  if (!answer.ok) {
    if (card) refuse(card, change);
    note(sentences(answer.facts)[0] || failed, { tone: "danger" });
    return false;
  }
  if (card) {
    card.dataset.to = answer.facts.targets.join(" ");
    card.draggable = answer.facts.targets.length > 0;
  }
  if (!change.held) {
    const back = () => cardOf(id) && move(cardOf(id), called(change.from), { undoes: false });
    note(answer.facts.said, { undo: answer.facts.undoes && change.undoes ? { words: undo, do: back } : null });
  }
  window.Festoon.renewed?.();
  return true;
};

// What cannot be undone once it is done is held back for some seconds.
const holdBack = (card, change) => {
  const { id, title } = card.dataset;
  const { said, undo } = change.words;
  const words = said.replace("{column}", () => labelOf(columnOf(card))).replace("{title}", () => title);
  change.held = hold(() => perform(id, change), note(words, { undo: { words: undo, do: () => takeBack(id, change) } }));
  mark(card, change);
};
const takeBack = (id, change) => {
  if (moves.get(id) !== change || change.isSent) return;
  change.held.drop();
  moves.delete(id);
  const card = cardOf(id);
  if (!card) return;
  mark(card);
  putBack(card, change);
  card.querySelector(".f-card-door").focus({ preventScroll: true });
  tell(columnOf(card));
};

/** Move a card; it stands in its new column at once, and goes back when it may not. */
const move = async (card, column, { undoes = true } = {}) => {
  const { id } = card.dataset;
  if (!column || column === columnOf(card) || moves.get(id)?.isSent) return;
  let known = moves.get(id);
  const to = column.dataset.column;
  if (known?.from === to) return takeBack(id, known);
  const isOffered = allowed(card).includes(to);
  let reason = "";
  known?.held.pause();
  if (column.dataset.asks && isOffered) {
    reason = await reasonFor(column);
    known = moves.get(id); // who turned away meanwhile had it done
    if (known?.isSent) return;
    if (reason === null) {
      known?.held.drop();
      if (known) holdBack(card, known);
      return;
    }
  }
  known?.held.drop();
  const change = { ...(known || spotOf(card)), to, reason, undoes, held: null, words: { ...board().dataset } };
  moves.set(id, change);
  put(card, column);
  tell(column);
  if ("acts" in board().dataset && isOffered && !column.dataset.asks) holdBack(card, change);
  else await perform(id, change);
};

// What comes anew from the server is from before the moves that are held back or on their way.
const keep = (root) => {
  for (const [id, change] of moves) {
    const card = cardOf(id, root);
    const column = called(change.to, root);
    if (!card || !column || card.matches(".is-held, [data-sending]")) continue;
    if (columnOf(card) !== column) {
      Object.assign(change, spotOf(card));
      put(card, column);
      mark(card, change);
    } else if (!change.isSent) {
      change.held.drop(); // somebody else did it
      moves.delete(id);
      if (cardOf(id)) mark(cardOf(id));
    }
  }
};
document.addEventListener("festoon:read", (event) => keep(event.detail));
document.addEventListener("festoon:rows", () => keep(document));

// Dragging.
let dragged = null;
const aim = (column) => {
  for (const other of columns()) other.classList.toggle("is-aimed", other === column && other !== columnOf(dragged));
};
document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-board] .f-card[draggable=true]");
  if (!card) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.title);
  requestAnimationFrame(() => card.classList.add("is-dragged"));
  for (const column of columns()) column.classList.toggle("is-shut", column !== columnOf(card) && !offered(card).includes(column.dataset.column));
});
document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  if (!column) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  aim(column);
});
document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  if (!column) return;
  event.preventDefault();
  move(dragged, column);
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  dragged = null;
  for (const column of columns()) column.classList.remove("is-aimed", "is-shut");
});

// The menu of a card.
const shut = (back = false) => {
  const panel = board()?.querySelector(".f-move-panel");
  if (!panel) return;
  const button = panel.parentElement.querySelector("[data-move]");
  button.setAttribute("aria-expanded", "false");
  panel.remove();
  if (back) button.focus();
};
const openMenu = (card) => {
  shut();
  const panel = document.querySelector("[data-move-menu]").content.firstElementChild.cloneNode(true);
  for (const option of panel.querySelectorAll("[data-to]")) option.hidden = !offered(card).includes(option.dataset.to) || option.dataset.to === columnOf(card).dataset.column;
  panel.querySelector(".f-move-none").hidden = Boolean(panel.querySelector("[data-to]:not([hidden])"));
  card.append(panel);
  card.querySelector("[data-move]").setAttribute("aria-expanded", "true");
  panel.querySelector("[data-to]:not([hidden])")?.focus();
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-board] [data-move]");
  if (button) {
    if (button.getAttribute("aria-expanded") === "true") shut();
    else openMenu(button.closest(".f-card"));
    return;
  }
  const option = event.target.closest("[data-board] .f-move-panel [data-to]");
  if (option) {
    const card = option.closest(".f-card");
    shut();
    card.querySelector(".f-card-door").focus({ preventScroll: true });
    await move(card, columns().find((column) => column.dataset.column === option.dataset.to));
    return;
  }
  const more = event.target.closest("[data-board] [data-more]");
  if (more) {
    more.setAttribute("aria-busy", "true");
    const answer = await ask(more.dataset.more);
    if (!answer.html) return more.removeAttribute("aria-busy");
    const item = more.closest("li");
    const list = item.parentElement;
    const cards = new DOMParser().parseFromString(`<ul>${answer.html}</ul>`, "text/html").querySelectorAll("ul > li");
    const known = new Set([...list.children].map((card) => card.dataset.id));
    const fresh = [...cards].filter((card) => !card.dataset.id || !known.has(card.dataset.id)).map((card) => document.adoptNode(card));
    list.dataset.expanded = "";
    item.replaceWith(...fresh);
    fresh[0]?.querySelector("a, button")?.focus({ preventScroll: true });
    return;
  }
  shut();
  const card = event.target.closest("[data-board] .f-card");
  if (card && !event.target.closest("a, button, .f-move-panel") && !getSelection().toString()) card.querySelector("a.f-card-door")?.click();
});

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-board] .f-card");
  if (!card) return;
  const panel = event.target.closest(".f-move-panel");
  if (panel && ["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) {
    event.preventDefault();
    if (event.key === "Escape") return shut(true);
    const options = [...panel.querySelectorAll("[data-to]:not([hidden])")];
    const at = options.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    options[(at + options.length) % options.length]?.focus();
    return;
  }
  if (event.key === "m" && !event.ctrlKey && !event.metaKey && card.querySelector("[data-move]")) {
    event.preventDefault();
    openMenu(card);
    return;
  }
  if (!event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey) return;
  const isRtl = document.documentElement.dir === "rtl";
  const by = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 }[event.key];
  const all = columns();
  if (by) {
    const column = all[all.indexOf(columnOf(card)) + by];
    if (!column) return;
    event.preventDefault();
    if (event.shiftKey) move(card, column);
    else column.querySelector(".f-card-door")?.focus();
  } else {
    event.preventDefault();
    const next = event.key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling;
    next?.querySelector("a, button")?.focus();
  }
});
