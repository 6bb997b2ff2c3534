// A list that keeps itself fresh: rows that change elsewhere are renewed where they stand. New ones come in by
// themselves while nobody points at the list, else a button offers them: nothing moves under the cursor.
import { watch } from "./live.js";

const CALM = 400;
const LEAST = 1500;
const REMEMBERED = 20_000; // longer than the server remembers what it counted
const offer = document.getElementById("fresh");
const region = () => document.getElementById("rows");
const name = region()?.dataset.resource;
const switcher = document.querySelector("[data-auto]");
const KEY = `festoon.auto.${name}`;
const ITEM = "[data-id]";

const isFirstPage = () => !/[?&]page(%5B|\[)(after|before)/i.test(location.search);
const items = (root) => new Map([...root.querySelectorAll(ITEM)].map((item) => [item.dataset.id, item]));
const spotOf = (item) => {
  const part = item.closest("[data-column], [data-date]");
  return part?.dataset.column || part?.dataset.date || "";
};
const placed = (root) => [...root.querySelectorAll(ITEM)].map((item) => `${spotOf(item)} ${item.dataset.id}`).join();
const chosen = (root) => new Set([...root.querySelectorAll('input[name="ids"]:checked')].map((box) => box.value));
const isAuto = () => localStorage.getItem(KEY) !== "off";

let waiting = 0;
let last = 0;
let isMissed = false;
let isOver = false;
let told = new Set();
let changed = -Infinity;
let asked = 0;
let isOwn = false; // the reader changed something that the list does not show yet

const isBusy = () =>
  Boolean(document.querySelector("dialog[open]:not(#drawer), #rows .f-cell-edit, #rows .is-dragged, #rows [data-unsaved], #rows [data-sending]")) ||
  region().getAttribute("aria-busy") === "true" ||
  Boolean(region().querySelector("[aria-expanded=true]"));

const read = async () => {
  const address = location.href;
  const headers = { "HX-Request": "true" };
  if (performance.now() - changed < REMEMBERED) headers["Cache-Control"] = "no-cache";
  const answer = await fetch(address, { headers }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (location.href !== address) return null; // the reader went on: these rows are another list's
  const rows = parsed.getElementById("rows");
  if (rows) document.dispatchEvent(new CustomEvent("festoon:read", { detail: rows }));
  return rows && { rows, total: parsed.querySelector(".f-total") };
};

const bare = (item) => {
  const copy = item.cloneNode(true);
  copy.removeAttribute("class");
  for (const part of copy.querySelectorAll("time, input, .f-tool")) part.remove();
  return copy.textContent.replace(/\s+/g, " ");
};

// A row is renewed from within, so that focus, selection and its own place stay.
const renew = (old, fresh) => {
  if (old.querySelector(".f-cell-edit, [data-unsaved]") || old.innerHTML === fresh.innerHTML) return;
  const isOther = bare(old) !== bare(fresh);
  const doors = [...old.querySelectorAll("a, input, button")];
  const at = doors.indexOf(document.activeElement);
  const cell = [...old.children].indexOf(document.activeElement);
  const isChosen = old.querySelector('input[name="ids"]')?.checked;
  old.replaceChildren(...document.adoptNode(fresh.cloneNode(true)).childNodes);
  for (const { name: attribute, value } of fresh.attributes) if (attribute.startsWith("data-")) old.setAttribute(attribute, value);
  const box = old.querySelector('input[name="ids"]');
  if (box && isChosen) box.checked = true;
  if (at >= 0) old.querySelectorAll("a, input, button")[at]?.focus({ preventScroll: true });
  else if (cell >= 0) {
    const target = old.children[cell];
    if (target) target.tabIndex = 0;
    target?.focus({ preventScroll: true });
  }
  if (isOther) flash(old, "is-changed");
};
const flash = (item, mark) => {
  item.classList.remove(mark);
  void item.offsetWidth;
  item.classList.add(mark);
  setTimeout(() => item.classList.remove(mark), 2600);
};

// The row that the reader looks at stays where it is, whatever comes in above it.
const anchor = () => (scrollY < 80 ? null : [...region().querySelectorAll(ITEM)].find((item) => item.getBoundingClientRect().top >= 0));
const focusOf = () => {
  const item = document.activeElement?.closest(`#rows ${ITEM}`);
  if (!item) return null;
  return { id: item.dataset.id, at: [...item.querySelectorAll("a, input, button")].indexOf(document.activeElement) };
};

// What is scrolled by itself, the board and its columns, shows after a swap what it showed before.
const SCROLLED = "[data-board], [data-cards]";
const scrolls = (root) => {
  const known = new Map();
  for (const part of root.querySelectorAll(SCROLLED)) {
    if (!part.scrollTop && !part.scrollLeft) continue;
    const top = part.getBoundingClientRect().top;
    const first = part.matches("[data-cards]") ? [...part.children].find((card) => card.dataset.id && card.getBoundingClientRect().bottom > top) : null;
    known.set(spotOf(part), { top: part.scrollTop, left: part.scrollLeft, id: first?.dataset.id, at: first ? first.getBoundingClientRect().top - top : 0 });
  }
  return known;
};
const scrollAgain = (root, known) => {
  for (const part of root.querySelectorAll(SCROLLED)) {
    const was = known.get(spotOf(part));
    if (!was) continue;
    const card = was.id && [...part.children].find((one) => one.dataset.id === was.id);
    part.scrollLeft = was.left;
    part.scrollTop = card ? card.getBoundingClientRect().top - part.getBoundingClientRect().top - was.at : was.top;
  }
};

// A column that was unfolded comes unfolded, as far as it was.
const unfold = async (rows) => {
  for (const old of region().querySelectorAll("[data-cards][data-expanded]")) {
    const list = [...rows.querySelectorAll("[data-cards]")].find((one) => spotOf(one) === spotOf(old));
    let more = null;
    while ((more = list?.querySelector(".f-cards-more")) && items(list).size < items(old).size) {
      const answer = await fetch(more.querySelector("button").dataset.more).catch(() => null);
      if (!answer?.ok || answer.redirected) break;
      const cards = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html").querySelectorAll("ul > li");
      more.replaceWith(...[...cards].filter((card) => !items(list).has(card.dataset.id)).map((card) => document.adoptNode(card)));
      list.dataset.expanded = "";
    }
  }
};

const swap = (rows) => {
  const old = region();
  const scrolled = scrolls(old);
  const [before, marked, kept, focus] = [items(old), chosen(old), anchor(), focusOf()];
  const top = kept?.getBoundingClientRect().top;
  old.replaceWith(document.adoptNode(rows));
  scrollAgain(rows, scrolled);
  for (const item of rows.querySelectorAll(ITEM)) {
    const was = before.get(item.dataset.id);
    if (!was) flash(item, "is-new");
    else if (bare(was) !== bare(item)) flash(item, "is-changed");
    const box = item.querySelector('input[name="ids"]');
    if (box) box.checked = marked.has(box.value);
    if (kept && item.dataset.id === kept.dataset.id) scrollBy(0, item.getBoundingClientRect().top - top);
    if (focus && item.dataset.id === focus.id) item.querySelectorAll("a, input, button")[focus.at]?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("festoon:rows"));
};

const totalOf = (column) => column.querySelector("[data-total]");
const refill = (list, fresh, total) => {
  if ("expanded" in list.dataset) return;
  const old = list.querySelector(".f-cards-more");
  if (list.querySelectorAll(ITEM).length >= total) old?.remove();
  else if (old && fresh) old.querySelector("button").dataset.more = fresh.querySelector("button").dataset.more;
  else if (fresh) list.append(fresh);
};
// After a change of the reader's own a board takes in the cards that came up for it; what stood there stays.
const settle = (rows) => {
  const here = items(region());
  for (const part of rows.querySelectorAll("[data-column]")) {
    const column = [...region().querySelectorAll("[data-column]")].find((one) => one.dataset.column === part.dataset.column);
    if (!column) continue;
    const list = column.querySelector("[data-cards]");
    let above = null;
    for (const item of part.querySelectorAll(ITEM)) {
      const known = here.get(item.dataset.id);
      const isPlaced = known && spotOf(known) === spotOf(item);
      if (known) renew(known, item);
      const card = known || item;
      if (!isPlaced && above) above.after(card);
      else if (!isPlaced) list.prepend(card);
      above = card;
    }
    totalOf(column).dataset.total = totalOf(part).dataset.total;
    totalOf(column).textContent = totalOf(part).textContent;
    refill(list, part.querySelector(".f-cards-more"), Number(totalOf(part).dataset.total));
  }
};

const announce = (count) => {
  const words = offer.querySelector("[data-words]");
  if (words) words.textContent = count === 1 ? offer.dataset.one : count > 1 ? offer.dataset.many.replace("{n}", count) : offer.dataset.some;
  offer.hidden = false;
};

const count = (total) => {
  const here = document.querySelector(".f-total");
  if (here && total) here.textContent = total.textContent;
};

const show = async () => {
  last = Date.now();
  offer.hidden = true;
  if (!document.getElementById("find") && !items(region()).size) return location.reload(); // it was empty until now
  const found = await read();
  if (!found) return;
  await unfold(found.rows);
  count(found.total);
  swap(found.rows);
};

const refresh = async () => {
  if (document.hidden) {
    isMissed = true;
    return;
  }
  last = Date.now();
  const own = isOwn;
  const mine = ++asked;
  const found = await read();
  if (mine !== asked) return; // it was asked again meanwhile
  if (!found || isBusy()) {
    offer.hidden = offer.hidden && !found;
    if (found && own) soon();
    return;
  }
  if (own) isOwn = false;
  const isBoard = region().dataset.way === "board";
  if (own && isBoard) {
    settle(found.rows);
    count(found.total);
    offer.hidden = true;
    document.dispatchEvent(new CustomEvent("festoon:renewed"));
    return;
  }
  const [here, there] = [items(region()), items(found.rows)];
  const fresh = [...there.keys()].filter((id) => !here.has(id)).length;
  if (placed(region()) === placed(found.rows)) {
    for (const [id, item] of here) renew(item, there.get(id));
    if (region().dataset.way && region().dataset.way !== "table") count(found.total);
    document.dispatchEvent(new CustomEvent("festoon:renewed"));
    // A later page begins behind its cursor: what is new on the pages before does not show in it.
    if (!isFirstPage() && [...told].some((id) => !here.has(id))) announce(0);
    return;
  }
  const gone = isBoard ? [] : [...here.keys()].filter((id) => !there.has(id));
  const moved = [...here].some(([id, item]) => there.has(id) && spotOf(item) !== spotOf(there.get(id)));
  const isSafe = [...chosen(region())].every((id) => there.has(id)) && !region().querySelector("[data-expanded]");
  if (!own && isAuto() && isFirstPage() && isSafe && !isOver) {
    offer.hidden = true;
    count(found.total);
    return swap(found.rows);
  }
  for (const [id, item] of here) {
    if (there.has(id)) renew(item, there.get(id));
    else if (told.has(id) && !isBoard) item.classList.add("is-gone");
  }
  if (fresh || gone.length || moved) announce(isFirstPage() ? fresh : 0);
};

const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, Math.max(CALM, last + LEAST - Date.now()));
};

// After a change of the reader's own: renew at once what changed, where it stands.
const renewed = () => {
  changed = performance.now();
  isOwn = true;
  clearTimeout(waiting); // what was told of the change is shown with it
  document.dispatchEvent(new CustomEvent("festoon:changed"));
  return refresh();
};
window.Festoon = Object.assign(window.Festoon || {}, { renewed });

if (name && offer && region().dataset.way !== "grid") {
  watch(name, {
    onChange({ ids, again }) {
      if (!again) told = new Set([...told, ...ids].slice(-200));
      if (isAuto()) soon();
      else announce(0);
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
  document.addEventListener("pointermove", (event) => {
    const over = event.pointerType === "mouse" && Boolean(event.target.closest?.("#rows"));
    if (isOver && !over && !offer.hidden && isAuto()) soon();
    isOver = over;
  });
}

document.addEventListener("festoon:rows", () => {
  if (offer && isFirstPage()) offer.hidden = true;
});
const mark = () => switcher?.setAttribute("aria-pressed", String(isAuto()));
switcher?.addEventListener("click", () => {
  localStorage.setItem(KEY, isAuto() ? "off" : "on");
  mark();
  if (isAuto()) soon();
});
mark();
