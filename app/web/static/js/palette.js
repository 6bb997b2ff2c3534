// The palette: one field that jumps, finds, acts, creates and switches; walked with the arrows, asked with one request.
import { fits, fold, typedWords, wordsOf } from "./palette-words.js";

const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");
const says = dialog.querySelector("[data-says]");
const CALM = 110;
const FEWEST = 2;
const MOST_COMMANDS = 6;
const { note, post } = window.Festoon;

let start = null; // what is there before anything is typed
let asking = null; // the request under way
let waiting = 0;
let stack = []; // what was shown before the actions of a record

const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[aria-selected=true]");

const choose = (option, scroll = true) => {
  for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  if (scroll) option.scrollIntoView({ block: "nearest" });
};
let serial = 0;
const settle = (keep = "") => {
  for (const option of options()) option.id ||= `palette-${(serial += 1)}`;
  const all = options();
  choose(all.find((option) => keep && (option.dataset.url || option.dataset.clicks) === keep) || all[0]);
  says.textContent = all.length ? dialog.dataset.some.replace("{}", all.length) : dialog.dataset.nothing;
};

const parse = (html) => {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content;
};
const fetchPart = async (url, signal) => {
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal });
  if (answer.status === 401) return location.reload();
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
};

// What the page itself offers: its buttons, links with a key, and dialogs that ask for a reason.
const here = () => {
  const doors = [...document.querySelectorAll(".f-main .f-head :is(a[href], button, summary + div .f-option)")];
  const seen = new Set();
  const group = document.createElement("div");
  Object.assign(group, { className: "f-palette-group" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", dialog.dataset.here);
  group.dataset.group = "here";
  group.innerHTML = '<p class="f-palette-label" aria-hidden="true"></p>';
  group.firstChild.textContent = dialog.dataset.here;
  for (const door of doors) {
    const words = (door.getAttribute("aria-label") || door.textContent).trim().replace(/\s+/g, " ");
    if (!words || seen.has(words) || door.disabled || door.closest("[hidden]")) continue;
    seen.add(words);
    const option = document.createElement("div");
    option.className = `f-palette-option${door.matches(".f-btn-danger, .is-danger") ? " is-danger" : ""}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.words = words;
    option.door = door;
    option.innerHTML = '<span class="f-line-sign"></span><span class="f-line-text"></span>';
    const icon = door.querySelector("svg.icon");
    if (icon) option.firstChild.append(icon.cloneNode(true));
    option.lastChild.textContent = words;
    if (door.dataset.key?.length === 1) {
      const keys = document.createElement("span");
      keys.className = "f-palette-keys";
      keys.setAttribute("aria-hidden", "true");
      keys.innerHTML = "<kbd></kbd>";
      keys.firstChild.textContent = door.dataset.key.toUpperCase();
      option.append(keys);
    }
    group.append(option);
  }
  return seen.size ? group : "";
};

// Before anything is typed: what is pinned and recent, what the page offers, then the screens. The record that
// is open is no way to itself.
const showStart = () => {
  const made = parse(start);
  const open = document.querySelector("[data-record]")?.dataset.record;
  for (const line of made.querySelectorAll("[data-group=recent] [data-of]")) if (line.dataset.of === open) line.remove();
  const groups = [...made.children].filter((group) => group.querySelector("[role=option]"));
  const isKept = (group) => ["pinned", "recent"].includes(group.dataset.group);
  const kept = groups.filter(isKept);
  list.replaceChildren(...[...kept, here()].filter(Boolean), ...groups.filter((group) => !isKept(group)));
  list.scrollTop = 0;
  settle();
};

// What begins with the words as they were typed comes first. What is found only with a letter amiss waits for the
// records, and stands behind those that are called as was typed: who means a name must not end in a switch much like it.
const weight = (option, typed) => (fold(option.dataset.words).startsWith(typed.join(" ")) ? 0 : 1);
const commands = (typed) => {
  if (!typed.length) return [[], []];
  const made = parse(start);
  for (const group of made.querySelectorAll("[data-group=pinned], [data-group=recent]")) group.remove();
  const page = here();
  if (page) made.prepend(page);
  const all = [...made.querySelectorAll("[role=option]")].map((option) => [option, wordsOf(option)]);
  const fitting = all.filter(([, words]) => fits(words, typed)).map(([option]) => option);
  const doors = fitting.map((option) => option.door?.getAttribute("href")); // the page's own button is enough
  const found = fitting.filter((option) => option.door || !option.dataset.url || !doors.includes(option.dataset.url));
  if (found.length) return [found.sort((a, b) => weight(a, typed) - weight(b, typed)).slice(0, MOST_COMMANDS), []];
  const guessed = asking ? [] : all.filter(([, words]) => fits(words, typed, true)).map(([option]) => option);
  return [[], guessed.slice(0, MOST_COMMANDS)];
};
const grouped = (found) => {
  const group = document.createElement("div");
  group.className = "f-palette-group";
  group.setAttribute("role", "presentation");
  group.append(...found);
  return found.length ? group : "";
};
const showFound = (records) => {
  const typed = typedWords(input.value);
  const [meant, guessed] = commands(typed).map(grouped);
  const keep = active()?.dataset.url;
  const isCalledSo = (record) => fits(fold(record.textContent).split(" "), typed);
  const isMeant = [...(records?.querySelectorAll("[data-of]") ?? [])].some(isCalledSo);
  list.replaceChildren(...[meant, ...(isMeant ? [records, guessed] : [guessed, records])].filter(Boolean));
  if (!list.children.length && !asking) {
    const none = document.createElement("p");
    none.className = "f-palette-none";
    none.textContent = dialog.dataset.nothing;
    list.append(none);
  }
  settle(keep);
};

const ask = async (q) => {
  asking?.abort();
  const mine = (asking = new AbortController());
  list.setAttribute("aria-busy", "true");
  try {
    const html = await fetchPart(`/palette/find?q=${encodeURIComponent(q)}`, mine.signal);
    if (asking !== mine) return;
    asking = null;
    list.removeAttribute("aria-busy");
    showFound(parse(html).querySelector("[data-group]"));
  } catch (error) {
    if (error.name === "AbortError" || asking !== mine) return;
    asking = null;
    list.removeAttribute("aria-busy");
    says.textContent = dialog.dataset.away;
    note(dialog.dataset.away, { tone: "danger" });
  }
};

const type = () => {
  clearTimeout(waiting);
  stack = [];
  const q = input.value.trim();
  if (!start) return;
  if (!q) {
    asking?.abort();
    asking = null;
    list.removeAttribute("aria-busy");
    return showStart();
  }
  if ([...q].length < FEWEST) {
    asking?.abort();
    asking = null;
    return showFound(null);
  }
  asking = asking || new AbortController(); // nothing is said to be missing before the answer
  showFound(list.querySelector("[data-group=records]"));
  waiting = setTimeout(() => ask(q), CALM);
};

// The actions of a record: Tab leads in, Escape or an empty Backspace out again.
const enterRecord = async (option) => {
  const html = await fetchPart(`/palette/record?of=${encodeURIComponent(option.dataset.of)}`).catch(() => "");
  if (!html) return;
  stack.push({ nodes: [...list.childNodes], typed: input.value, at: option });
  list.replaceChildren(parse(html));
  input.value = "";
  settle();
};
const leaveRecord = () => {
  const before = stack.pop();
  list.replaceChildren(...before.nodes);
  input.value = before.typed;
  choose(before.at);
};
const narrow = () => {
  const typed = typedWords(input.value);
  const all = options().map((option) => [option, wordsOf(option)]);
  const isGuessed = !all.some(([, words]) => fits(words, typed));
  for (const [option, words] of all) option.hidden = !fits(words, typed, isGuessed);
  choose(options().find((option) => !option.hidden));
};

const send = (url) => {
  const form = document.createElement("form");
  const token = document.createElement("input");
  form.method = "post";
  form.action = url;
  token.type = "hidden";
  token.name = "csrf_token";
  token.value = dialog.dataset.csrf;
  form.append(token);
  document.body.append(form);
  form.submit();
};
const go = (url, aside) => {
  if (aside) return window.open(url, "_blank", "noopener");
  dialog.close();
  const target = new URL(url, location.href);
  const isHere = target.pathname === location.pathname && target.hash !== "";
  const asked = isHere ? document.getElementById(target.hash.slice(1)) : null;
  if (asked?.matches("dialog")) asked.showModal();
  else location.assign(url);
};
const run = async (option, aside = false) => {
  if (!option) return;
  const { url, clicks, posts, pins, pinned } = option.dataset;
  if (url) return go(url, aside);
  dialog.close();
  if (posts) send(posts);
  else if (pins) {
    const { ok, refusal } = await post("/pins", [["of", pins], ["pinned", pinned]]);
    if (ok || refusal) note(ok ? option.textContent.trim() : refusal, { tone: ok ? "success" : "danger" });
    start = null;
  } else if (clicks) document.querySelector(clicks)?.click();
  else option.door?.click();
};

const move = (step) => {
  const all = options().filter((option) => !option.hidden);
  if (!all.length) return;
  const at = all.indexOf(active());
  choose(all[(at + step + all.length) % all.length]);
};

input.addEventListener("input", () => (stack.length ? narrow() : type()));
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const end = input.selectionStart === input.value.length;
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
  if (steps[event.key]) move(steps[event.key]);
  else if (event.key === "Enter") run(active(), event.ctrlKey || event.metaKey);
  else if (event.key === "Tab" && !event.shiftKey && active()?.dataset.of && end) enterRecord(active());
  else if (event.key === "Tab") return dialog.contains(event.target) ? undefined : event.preventDefault();
  else if (event.key === "Backspace" && stack.length && !input.value) leaveRecord();
  else if (event.key === "Escape" && stack.length) leaveRecord();
  else return;
  event.preventDefault();
});
dialog.addEventListener("cancel", (event) => stack.length && event.preventDefault());
list.addEventListener("pointermove", (event) => {
  const option = event.target.closest("[role=option]");
  if (option && option !== active()) choose(option, false);
});
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) run(option, event.ctrlKey || event.metaKey);
});
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
dialog.addEventListener("close", () => {
  asking?.abort();
  asking = null;
  clearTimeout(waiting);
  start = null; // what was pinned or seen meanwhile belongs to the next time
});

/** Open the palette; what was typed before its first lines are there counts. */
export const open = async () => {
  stack = [];
  input.value = "";
  list.replaceChildren();
  dialog.showModal();
  input.focus();
  try {
    start = await fetchPart("/palette");
    if (dialog.open) type();
  } catch {
    says.textContent = dialog.dataset.away;
  }
};
