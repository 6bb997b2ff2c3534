// A board: a card is moved by dragging it, by its menu (m), or with Shift and an arrow key. The server does what leads
// to the column; where it refuses, the card goes back and the sentence is shown.
import { ask, sentences } from "./asking.js";

const note = (...said) => window.Festoon.note(...said);
const board = () => document.querySelector("[data-board]");
const columnOf = (card) => card.closest("[data-column]");
const columns = () => [...board().querySelectorAll("[data-column]")];
const labelOf = (column) => column.querySelector("[data-label]").dataset.label;
const allowed = (card) => (card.dataset.to || "").split(" ").filter(Boolean);
const say = (text) => (document.getElementById("announce").textContent = text);

const count = (column, by) => {
  const total = column.querySelector("[data-total]");
  total.dataset.total = Math.max(0, Number(total.dataset.total) + by);
  total.textContent = new Intl.NumberFormat(document.documentElement.lang).format(total.dataset.total);
};

const put = (card, column, before = null) => {
  const from = columnOf(card);
  const list = column.querySelector("[data-cards]");
  list.insertBefore(card, before ?? list.firstElementChild);
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

const send = (card, to, reason = "") =>
  ask(`${board().dataset.url}${card.dataset.id}/move`, { body: { to, reason }, csrf: board().dataset.csrf });

/** Move a card; it stands in its new column at once, and goes back when it may not. */
const move = async (card, column, { undoes = true } = {}) => {
  const from = columnOf(card);
  if (!column || column === from || card.dataset.sending) return;
  const next = card.nextElementSibling;
  const hadFocus = card.contains(document.activeElement);
  let reason = "";
  if (column.dataset.asks && allowed(card).includes(column.dataset.column)) {
    reason = await reasonFor(column);
    if (reason === null) return;
  }
  put(card, column);
  const refocus = () => hadFocus && card.querySelector(".f-card-door")?.focus({ preventScroll: true });
  refocus(); // a card that changes its place loses it
  card.dataset.sending = "1";
  const answer = await send(card, column.dataset.column, reason);
  delete card.dataset.sending;
  if (!answer.ok) {
    put(card, from, next?.isConnected ? next : null);
    card.classList.add("is-refused");
    setTimeout(() => card.classList.remove("is-refused"), 700);
    note(sentences(answer.facts)[0] || board().dataset.failed, { tone: "danger" });
  } else {
    card.dataset.to = answer.facts.targets.join(" ");
    card.draggable = answer.facts.targets.length > 0;
    say(board().dataset.moved.replace("{column}", labelOf(column)));
    const undo = answer.facts.undoes && undoes && { words: board().dataset.undo, do: () => move(card, from, { undoes: false }) };
    note(answer.facts.said, { undo: undo || null });
    window.Festoon.renewed?.();
  }
  refocus();
};

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
  for (const column of columns()) column.classList.toggle("is-shut", column !== columnOf(card) && !allowed(card).includes(column.dataset.column));
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
  for (const option of panel.querySelectorAll("[data-to]")) option.hidden = !allowed(card).includes(option.dataset.to) || option.dataset.to === columnOf(card).dataset.column;
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
