// The columns of a list: chosen and ordered in a panel, made wider at their heads; kept for the reader.
import { pairs } from "./going.js";

const STEP = 16;
const NARROWEST = 60;
const WIDEST = 800;
const chooser = document.getElementById("columns");
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const place = () => {
  const button = document.querySelector("[popovertarget=columns]");
  if (innerWidth < 640 || !button) return chooser.removeAttribute("style");
  const box = button.getBoundingClientRect();
  const wanted = document.dir === "rtl" ? box.left : box.right - chooser.offsetWidth;
  chooser.style.left = `${Math.max(8, Math.min(wanted, innerWidth - chooser.offsetWidth - 8))}px`;
  chooser.style.top = `${Math.min(box.bottom + 4, Math.max(8, innerHeight - chooser.offsetHeight - 8))}px`;
};

chooser?.addEventListener("toggle", async (event) => {
  if (event.newState !== "open") return;
  place();
  const answer = await fetch(`${chooser.dataset.url}?${pairs()}`).catch(() => null);
  if (!answer?.ok) return chooser.hidePopover();
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  chooser.replaceChildren(...[...read.body.children].map((node) => document.adoptNode(node)));
  place();
  chooser.querySelector("input:not([type=hidden])")?.focus();
  await import("../vendor/sortablejs/Sortable.min.js");
  window.Sortable?.create(chooser.querySelector("[data-columns]"), { handle: "[data-handle]", animation: 120 });
});

chooser?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const row = button.closest("li");
  if (button.dataset.move === "-1") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  button.focus();
  const rows = [...row.parentElement.children];
  chooser.querySelector("[data-said]").textContent = row.parentElement.dataset.moved
    .replace("{place}", rows.indexOf(row) + 1)
    .replace("{all}", rows.length);
});

// Widths: a rule for each column that was given one, so that nothing is written into the page itself.
// On a phone a row is a card: a rule for each column says at every value what it is.
const inQuotes = (text) => `"${text.trim().replace(/["\\]/g, "\\$&")}"`;
const heads = () => [...document.querySelectorAll("#rows th[data-column]")];
const named = () => [...document.querySelectorAll("#rows thead :is([data-column], [data-short])")];
const widthOf = (head) => Number(head.dataset.width) || 0;
const dress = () => {
  const rules = named().map((head) => {
    const width = widthOf(head);
    const at = [...head.parentElement.children].indexOf(head) + 1;
    const label = `@media (max-width: 639px) { #rows .f-table td:nth-child(${at}):is(:not(.is-chip, .f-first), .is-switch)::before { content: ${inQuotes(head.dataset.short || head.textContent)}; color: var(--f-faint); } }`;
    const cells = `.f-table :is(th, td):nth-child(${at})`;
    return label + (width ? `@media (min-width: 640px) { ${cells} { width: ${width}px; min-width: ${width}px; max-width: ${width}px; overflow: hidden; text-overflow: ellipsis; } }` : "");
  });
  sheet.replaceSync(rules.join("\n"));
  for (const head of heads()) {
    if (head.querySelector("[data-resize]")) continue;
    const handle = Object.assign(document.createElement("span"), { className: "f-resize" });
    handle.dataset.resize = "";
    handle.setAttribute("aria-hidden", "true");
    head.append(handle);
  }
};

let saving = 0;
const save = () => {
  clearTimeout(saving);
  saving = setTimeout(() => {
    const table = document.querySelector("#rows table[data-keeps]");
    const token = document.querySelector("[name=csrf_token]")?.value;
    if (!table || !token) return;
    const widths = Object.fromEntries(heads().filter(widthOf).map((head) => [head.dataset.column, widthOf(head)]));
    const body = new URLSearchParams({ csrf_token: token, widths: JSON.stringify(widths) });
    fetch(table.dataset.keeps, { method: "POST", body, keepalive: true });
  }, 400);
};
const set = (head, width) => {
  head.dataset.width = width ? Math.round(Math.min(Math.max(width, NARROWEST), WIDEST)) : "";
  dress();
  save();
};

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-resize]");
  if (!handle) return;
  event.preventDefault();
  const head = handle.closest("th");
  const [from, before] = [event.clientX, head.getBoundingClientRect().width];
  const way = document.dir === "rtl" ? -1 : 1;
  const move = (moved) => set(head, before + way * (moved.clientX - from));
  const stop = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", stop);
    document.body.classList.remove("is-resizing");
  };
  document.body.classList.add("is-resizing");
  addEventListener("pointermove", move);
  addEventListener("pointerup", stop);
});
document.addEventListener("dblclick", (event) => {
  if (event.target.closest("[data-resize]")) set(event.target.closest("th"), 0);
});
document.addEventListener("keydown", (event) => {
  const head = event.target.closest?.("#rows th[data-column]");
  if (!head || !event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const way = (event.key === "ArrowRight") === (document.dir !== "rtl") ? 1 : -1;
  set(head, head.getBoundingClientRect().width + way * STEP);
});
dress();
document.addEventListener("festoon:rows", dress);
