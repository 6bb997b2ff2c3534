// The translators' queue: one saves, goes on, skips and comes back without leaving the keys.
import { begin, done, isSignedOut, keep, quiet, warn } from "./workbench-keep.js";
import { enter } from "./workbench-room.js";
import { fill } from "./workbench-over.js";
import { renew } from "./workbench-renew.js";
import { copySource, desk, dress, dressKeys, dressRefusal, focusFirst, focusOn, form, inputs, isEmpty, isTouched, shape, valuesOf, wordButton } from "./workbench-text.js";

const queue = document.querySelector(".w-queue");
const words = queue.dataset;
const FOLDS = "festoon:folds";
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const note = (...said) => window.Festoon.note(...said);
const say = (text) => (document.getElementById("announce").textContent = text);
let ahead = null; // the page of the next text, fetched while this one is written
let isUnderWay = false;
let undoLast = null;
const visited = [];

const fetchPage = async (url) => {
  const answer = await fetch(url, { headers: { "X-Part": "bench", Accept: "text/html" } }).catch(() => null);
  return answer && { answer, text: await answer.text() };
};
const read = (text) => new DOMParser().parseFromString(text, "text/html");
const fetchAhead = () => {
  const url = desk()?.dataset.next;
  ahead = url ? { url, page: fetchPage(url) } : null;
};

// What one has folded stays folded from text to text.
const folds = () => {
  try {
    return JSON.parse(localStorage.getItem(FOLDS) || "{}");
  } catch {
    return {};
  }
};
const fold = () => {
  const known = folds();
  for (const part of desk().querySelectorAll("details[data-fold]")) {
    if (part.dataset.fold in known) part.open = known[part.dataset.fold];
    part.addEventListener("toggle", () => {
      try {
        localStorage.setItem(FOLDS, JSON.stringify({ ...folds(), [part.dataset.fold]: part.open }));
      } catch {
        // It is folded until the page is left.
      }
    });
  }
};

const swap = (id, page) => {
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (old && fresh && !(id === "w-filters" && old.contains(document.activeElement))) old.replaceWith(document.adoptNode(fresh));
};
// On a phone the filters are a strip: the one that is on is in sight.
const showFilter = () => {
  const [on, strip] = [document.querySelector(".w-chips [aria-current]"), document.querySelector(".w-filters nav")];
  if (!on) return;
  const [own, room] = [on.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += Math.max(0, own.right - room.right) + Math.min(0, own.left - room.left);
};
const ready = ({ focus = true } = {}) => {
  dressRefusal(); // the editors of rich text take over what is said of their inputs
  desk().dispatchEvent(new Event("festoon:row", { bubbles: true }));
  dress();
  showFilter();
  begin();
  fold();
  enter(renewed);
  fetchAhead();
  if (!focus) return;
  const refused = desk().querySelector("[data-clash], [data-refused]");
  focusFirst();
  refused?.scrollIntoView({ block: "nearest" });
};

/** Show a page that was fetched; `keepsPlace` leaves the browser's history alone. */
const draw = (page, { keepsPlace = false, focus = true } = {}) => {
  for (const id of ["w-head", "w-filters", "desk"]) swap(id, page);
  const url = desk().dataset.url;
  if (!keepsPlace && url) {
    visited.push(url);
    history.pushState({ text: true }, "", url);
  }
  window.scrollTo({ top: 0 });
  ready({ focus });
  const title = document.querySelector("[data-place] b");
  if (title) say(title.textContent);
};

// What is on the desk goes on being written: only what is said about it is as it is now.
const stay = (page, sent) => {
  const isHere = renew(page, sent);
  for (const id of ["w-head", "w-filters"]) swap(id, page);
  dressKeys();
  wordButton();
  fold();
  fetchAhead();
  keep();
  if (!isHere) focusFirst();
};

/** Show the text of an address. `sent`, after a save: the texts as they were sent; what is typed since is not redrawn. */
const go = async (url, { sent = null, stays = false, ...options } = {}) => {
  if (isUnderWay) return;
  isUnderWay = true;
  desk().setAttribute("aria-busy", "true");
  try {
    if (sent === null) await keep();
    const began = sent ?? shape();
    const got = ahead?.url === url ? await ahead.page : await fetchPage(url);
    if (!got?.answer.ok || isSignedOut(got.answer)) {
      if (!got) warn(words.wordsAway);
      else if (got.answer.status === 400) location.assign(url);
      return;
    }
    const page = read(got.text);
    const isSame = page.getElementById("desk")?.dataset.at === desk().dataset.at;
    const isTyped = form() && shape() !== began;
    if (form() && isSame && (stays || (isTyped && options.isOurs))) return stay(page, sent);
    if (isTyped && isSame) return;
    if (isTyped) keep();
    draw(page, options);
  } finally {
    isUnderWay = false;
    desk().removeAttribute("aria-busy");
  }
};

// Somebody else has saved this very text: what nobody has touched is shown as it is now.
const renewed = async () => {
  if (!isTouched()) await go(desk().dataset.url, { keepsPlace: true, focus: false });
  if (isTouched()) note(words.wordsChanged, { tone: "info" });
};

// The counts of a page that was fetched ahead are those of before the save.
const renewCounts = async () => {
  const url = desk().dataset.url;
  const got = await fetchPage(url);
  if (!got?.answer.ok || got.answer.redirected || url !== desk().dataset.url) return;
  const page = read(got.text);
  swap("w-head", page);
  swap("w-filters", page);
  showFilter();
};

const forgetSaved = () => {
  for (const shown of document.querySelectorAll(".f-note[data-text-saved]")) shown.remove();
};
const takeBack = async (token, url) => {
  undoLast = null;
  forgetSaved();
  const body = new FormData();
  body.set("token", token);
  body.set("csrf_token", words.csrf);
  const answer = await fetch(`${location.pathname}/undo`, { method: "POST", body, headers: { "X-Part": "bench", Accept: "application/json" } }).catch(() => null);
  if (isSignedOut(answer)) return;
  const facts = await answer?.json().catch(() => ({}));
  if (!answer?.ok) return note(facts?.detail || words.wordsFailed, { tone: "danger" });
  note(facts.told);
  ahead = null;
  await go(url, { isOurs: true });
};

const told = (facts, url) => {
  if (!facts.told) return;
  undoLast = facts.undo ? () => takeBack(facts.undo, url) : null;
  forgetSaved();
  const shown = note(facts.told, { undo: facts.undo ? { words: words.wordsUndo, do: () => undoLast?.() } : null });
  shown.dataset.textSaved = "";
};

const act = async (what, more = {}) => {
  if (isUnderWay || !form()) return;
  isUnderWay = true;
  desk().setAttribute("aria-busy", "true");
  await quiet();
  const [url, sent] = [desk().dataset.url, shape()];
  const body = new FormData(form());
  body.set("do", what);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const answer = await fetch(form().action, { method: "POST", body, headers: { "X-Part": "bench" } }).catch(() => null);
  isUnderWay = false;
  desk().removeAttribute("aria-busy");
  if (!answer) return warn(words.wordsAway);
  if (isSignedOut(answer)) return;
  if (!(answer.headers.get("Content-Type") || "").includes("json")) {
    const page = read(await answer.text());
    if (!page.getElementById("desk")) return note(words.wordsFailed, { tone: "danger" });
    const typed = shape() === sent ? {} : valuesOf(shape());
    draw(page, { keepsPlace: true });
    for (const input of inputs()) if (input.name in typed) fill(input, typed[input.name]);
    return;
  }
  const facts = await answer.json();
  if (!answer.ok) return note(facts.detail || words.wordsFailed, { tone: "danger" });
  const isWritten = ["save", "draft"].includes(what);
  if (isWritten) done(sent);
  told(facts, url);
  if (what === "draft" || (isWritten && shape() !== sent)) return go(url, { sent, stays: true, keepsPlace: true });
  const isNext = facts.next === desk().dataset.next;
  // What was fetched ahead does not know of this save: whether that was the last one is asked anew.
  if (!isNext || (await ahead?.page)?.text.includes("data-empty")) ahead = null;
  await go(facts.next, { keepsPlace: !isNext, isOurs: true });
  if (isNext) renewCounts();
};

const skip = (step) => {
  if (step > 0) return desk()?.dataset.next && go(desk().dataset.next);
  if (visited.length > 1) return history.back();
  return desk()?.dataset.back && go(desk().dataset.back);
};
const neighbour = (step) => {
  const all = [...desk().querySelectorAll("[data-neighbour]")];
  const next = all[all.findIndex((one) => one.hasAttribute("aria-current")) + step];
  if (next) go(next.href);
};
const reject = () => {
  const dialog = document.getElementById("w-reject");
  if (!desk().querySelector("[data-rejects]")) return;
  dialog.querySelector("form").reset();
  dialog.showModal();
};
document.querySelector("[data-reject-form]").addEventListener("submit", (event) => {
  event.preventDefault();
  document.getElementById("w-reject").close();
  act("reject", { reason: event.target.elements.reason.value });
});
document.getElementById("w-reject").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  event.currentTarget.querySelector("form").requestSubmit();
});
// Where a text cannot be stored as a draft, what is typed is kept for whoever typed it.
const saveDraft = async () => {
  if (desk().querySelector("[data-draft]")) return act("draft");
  if (!form()) return;
  const facts = await keep({ again: true });
  if (facts) note(facts.time ? words.wordsKept.replace("{time}", () => facts.time) : words.wordsSaved, { tone: "info" });
};
const press = (key) => desk().querySelector(`[aria-keyshortcuts="${key}"]`)?.click();

// Comments: those of the record, in a dialog over the text; a new one begins with the text that it is about.
const talk = async () => {
  const link = desk().querySelector("[data-comments]");
  if (!link) return;
  const got = await fetch(link.href, { headers: { "X-Part": "panel" } }).catch(() => null);
  if (!got?.ok || isSignedOut(got)) return;
  const dialog = document.getElementById("w-comments");
  dialog.querySelector("[data-panel-part]").innerHTML = await got.text();
  dialog.showModal();
  const area = dialog.querySelector("#cm-new");
  const field = dialog.querySelector("#cm-field");
  if (field && link.dataset.field) field.value = link.dataset.field;
  if (!area) return;
  area.value ||= link.dataset.begin;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
};
document.getElementById("w-comments").addEventListener("close", async () => {
  const got = await fetchPage(desk().dataset.url);
  const fresh = got?.answer.ok && read(got.text).querySelector(".w-aside");
  if (fresh) desk().querySelector(".w-aside").replaceWith(document.adoptNode(fresh));
  fold();
  focusFirst();
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-desk], #w-restore")) {
    event.preventDefault();
    act(event.submitter?.value || "save");
  } else if (event.target.matches(".w-narrow")) {
    event.preventDefault();
    narrow(event.target);
  }
});
const narrow = (narrowing) => {
  const pairs = [...new FormData(narrowing)].filter(([, value]) => value);
  document.activeElement?.blur();
  go(`${location.pathname}?${new URLSearchParams(pairs)}`);
};
document.addEventListener("change", (event) => event.target.matches("[data-narrows]") && narrow(event.target.form));
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest(".w-queue a:is([data-go], [data-step], [data-comments], .w-nothing a)");
  if (link && link.pathname !== location.pathname && !link.matches("[data-comments]")) return;
  if (link) {
    event.preventDefault();
    if (link.matches("[data-step]")) skip(Number(link.dataset.step));
    else if (link.matches("[data-comments]")) talk();
    else {
      document.activeElement?.blur();
      go(link.href);
    }
  } else if (event.target.closest("[data-rejects]")) reject();
  else if (event.target.closest("[data-discards]")) discard();
});
const discard = async () => {
  const body = new FormData(form());
  body.set("clean", "1");
  await fetch(form().dataset.keep, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  done();
  go(desk().dataset.url, { keepsPlace: true });
};

addEventListener("popstate", () => {
  visited.pop();
  go(location.href, { keepsPlace: true });
});

const forward = () => (document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight");
const isText = (target) => target.closest?.("textarea, input, [contenteditable]:not([contenteditable=false])");
const does = (event) => {
  const command = event.ctrlKey || event.metaKey;
  const { key, altKey, shiftKey, code } = event;
  if (command && key === "Enter") return () => (shiftKey ? desk().querySelector("[data-still-right]")?.click() : act("save"));
  if (command && !altKey && !shiftKey && key.toLowerCase() === "s") return saveDraft;
  const memory = command && !altKey && !shiftKey && /^[1-5]$/.test(key) && desk().querySelector(`[data-memory="${key}"]`);
  if (memory) return () => memory.click();
  const isArrow = key === "ArrowLeft" || key === "ArrowRight";
  // Beside a text being written, Ctrl and an arrow go from word to word, as everywhere.
  if (isArrow && !shiftKey && (altKey !== command) && (altKey ? !(isMac && isText(event.target)) : !isText(event.target) || isEmpty())) return () => skip(key === forward() ? 1 : -1);
  if (!altKey || command || shiftKey) return null;
  if (key === "ArrowDown" || key === "ArrowUp") return () => neighbour(key === "ArrowDown" ? 1 : -1);
  if (isMac && isText(event.target)) return null; // there Alt and a letter write a sign
  return { KeyA: () => press("Alt+A"), KeyD: () => press("Alt+D"), KeyC: () => copySource(), KeyR: reject, KeyM: talk, KeyZ: () => undoLast?.() }[code] || null;
};
document.addEventListener("keydown", (event) => {
  if (event.isComposing || document.querySelector("dialog[open]") || !desk()) return;
  const todo = does(event);
  if (todo) {
    event.preventDefault();
    todo();
  } else if (event.key === "Escape" && event.target.closest?.("[data-desk]") && isText(event.target)) {
    form().focus({ preventScroll: true });
  } else if (event.key === "Enter" && event.target === form()) {
    event.preventDefault();
    const first = inputs()[0];
    if (first) focusOn(first);
  }
});
// Commands of the editor of rich text that are also ours are ours.
document.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest?.(".f-rich-area") && event.preventDefault(), true);

visited.push(desk()?.dataset.url);
if (desk()?.dataset.url) history.replaceState({ text: true }, "", desk().dataset.url);
addEventListener("load", () => ready());
