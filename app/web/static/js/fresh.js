// A list that keeps itself fresh: when records of it change anywhere, its rows are read anew, and the reader's
// selection, place and focus stay. Where that cannot be, a button offers what is new.
import { live } from "./live.js";

const CALM = 400;
const LEAST = 1500;
const offer = document.getElementById("fresh");
const table = () => document.getElementById("rows");
const name = table()?.dataset.resource;
const isFirstPage = () => !new URLSearchParams(location.search).has("page[after]");
const chosen = (root) => new Set([...root.querySelectorAll('tbody input[name="ids"]:checked')].map((box) => box.value));
const keys = (root) => new Set([...root.querySelectorAll("tbody tr[data-id]")].map((row) => row.dataset.id));

let waiting = 0;
let last = 0;
let isMissed = false;

const read = async () => {
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  return parsed.getElementById("rows");
};

// The row that the reader looks at stays where it is, whatever comes in above it.
const anchor = () =>
  scrollY < 80 ? null : [...table().querySelectorAll("tbody tr[data-id]")].find((row) => row.getBoundingClientRect().top >= 0);

const focusOf = () => {
  const row = document.activeElement?.closest("#rows tbody tr[data-id]");
  if (!row) return null;
  const doors = [...row.querySelectorAll("a, input, button")];
  return { id: row.dataset.id, at: doors.indexOf(document.activeElement) };
};

const swap = (rows) => {
  const old = table();
  const [before, marked, kept, focus] = [keys(old), chosen(old), anchor(), focusOf()];
  const top = kept?.getBoundingClientRect().top;
  old.replaceWith(rows);
  window.htmx?.process(rows);
  for (const row of rows.querySelectorAll("tbody tr[data-id]")) {
    if (!before.has(row.dataset.id)) row.classList.add("is-new");
    const box = row.querySelector('input[name="ids"]');
    if (box) box.checked = marked.has(box.value);
    if (kept && row.dataset.id === kept.dataset.id) scrollBy(0, row.getBoundingClientRect().top - top);
    if (focus && row.dataset.id === focus.id) row.querySelectorAll("a, input, button")[focus.at]?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("festoon:rows"));
};

const show = async () => {
  last = Date.now();
  offer.hidden = true;
  if (!document.getElementById("find") && !keys(table()).size) return location.reload(); // it was empty until now
  const rows = await read();
  if (rows) swap(document.adoptNode(rows));
};

const refresh = async () => {
  if (document.hidden) {
    isMissed = true;
    return;
  }
  if (!isFirstPage() || document.querySelector("dialog[open]") || table().getAttribute("aria-busy") === "true") {
    offer.hidden = false;
    return;
  }
  last = Date.now();
  const rows = await read();
  if (!rows) return;
  const there = keys(rows);
  if ([...chosen(table())].every((id) => there.has(id))) swap(document.adoptNode(rows));
  else offer.hidden = false; // a selected record would leave the page
};

const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, Math.max(CALM, last + LEAST - Date.now()));
};

if (name && offer) {
  let joined = 0;
  live.join(`resource:${name}`, {
    changed: soon,
    joined: () => {
      joined += 1;
      if (joined > 1) soon(); // what was told while the line was broken
    },
  });
  offer.addEventListener("click", async () => {
    if (!isFirstPage()) return location.assign(offer.dataset.first);
    await show();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isMissed) {
      isMissed = false;
      soon();
    }
  });
}
