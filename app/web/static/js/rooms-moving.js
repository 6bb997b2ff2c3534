// Moving a booking: by drag, with the guard's answer at the pointer, and by a dialog, which asks before it is done.
import { ask, sentences } from "./asking.js";
import { csrf, focusBooking, settings, shown, words } from "./rooms-state.js";
import { added } from "./wall-time.js";
import { bindWish, judge, refuse } from "./rooms-wish.js";

const CALM = 120;
const bar = document.querySelector("[data-bar]");
const dialog = document.getElementById("r-move");
const form = dialog.querySelector("[data-move-form]");
const bound = bindWish(form);
let putBack = null;
let isDone = false;

// Beside the pointer while something is dragged.
let last = "";
let asked = 0;
let waiting = 0;
let pointer = { clientX: 0, clientY: 0 };
const follow = () => {
  const { clientX: x, clientY: y } = pointer;
  const width = bar.offsetWidth || 260;
  bar.style.left = `${Math.max(8, Math.min(x + 16, innerWidth - width - 8))}px`;
  bar.style.top = `${Math.min(y + 20, innerHeight - (bar.offsetHeight || 80) - 8)}px`;
};
const tell = (when, said, price, isKept) => {
  bar.hidden = false;
  bar.dataset.kept = isKept;
  for (const [name, text] of [["when", when], ["said", said], ["price", price]]) bar.querySelector(`[data-bar-${name}]`).textContent = text;
  follow();
};
const look = async (wish) => {
  const mine = ++asked;
  const answer = await judge(wish);
  if (mine !== asked || bar.hidden) return;
  const told = answer.facts;
  if (!answer.ok) return tell("", sentences(told)[0] || words.offline, "", "false");
  const against = told.rules.filter((rule) => !rule.is_kept).map((rule) => rule.sentence);
  tell(told.when, against.join(" ") || told.said, told.price && `${told.price} · ${told.difference}`, String(told.is_kept));
};

/** What a drag or a resize asks for: room, start and end, or start and length. */
const wished = (info) => {
  const facts = info.event.extendedProps;
  const room = info.event.resourceIds.find((id) => !id.startsWith("v:")) || facts.room;
  if (info.endDelta) return { booking: facts.booking, room, starts_at: facts.start, ends_at: added(facts.end, info.endDelta) };
  return { booking: facts.booking, room, starts_at: added(facts.start, info.delta), minutes: facts.minutes };
};

/** Called for each movement of a drag; it may go anywhere, the guard says what it thinks of it. */
export const dragged = (info) => {
  const wish = wished(info);
  const key = JSON.stringify(wish);
  if (info.jsEvent) {
    pointer = info.jsEvent;
    follow();
  }
  if (key === last) return true;
  last = key;
  tell(wish.starts_at.replace("T", " "), words.asking, "", "unknown");
  clearTimeout(waiting);
  waiting = setTimeout(() => look(wish), CALM);
  return true;
};

/** Hide what stood beside the pointer. */
export const rest = () => {
  clearTimeout(waiting);
  asked += 1;
  last = "";
  bar.hidden = true;
};

/** Open the dialog about a booking; `back` puts its event back where it was when nothing comes of it. */
export const openMove = ({ booking, title, was, room, starts, ends, minutes = null }, back = null) => {
  putBack = back;
  isDone = false;
  shown.isBusy = true;
  form.reset();
  refuse(form, "");
  form.querySelector("[data-move-what]").textContent = title;
  form.querySelector("[data-move-was]").textContent = was;
  dialog.showModal();
  return bound.fill({ booking, room, starts, ends, minutes });
};

/** Ask about what was dropped: nothing is written before that is answered. */
export const dropped = (info, was) => {
  rest();
  const facts = info.event.extendedProps;
  const wish = wished(info);
  const ends = wish.ends_at || added(wish.starts_at, { seconds: facts.minutes * 60 });
  openMove(
    { booking: facts.booking, title: `${facts.title} · ${facts.reference}`, was, room: wish.room, starts: wish.starts_at, ends, minutes: wish.minutes },
    info.revert,
  );
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[data-submits]");
  if (button.disabled) return;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const json = { zone: settings.zone, ...bound.wish(), reason: form.elements.reason.value };
  const answer = await ask(`${settings.url}move`, { json, csrf });
  button.removeAttribute("aria-busy");
  if (!answer.ok) {
    refuse(form, sentences(answer.facts)[0] || words.offline);
    if (answer.facts.judgement) bound.draw(answer);
    else if (!answer.status || answer.status === 422) button.disabled = false;
    shown.load(); // somebody may have been first: what they did is shown behind the dialog
    return;
  }
  isDone = true;
  dialog.close();
  window.Festoon.note(answer.facts.said);
  await shown.load();
  focusBooking(answer.facts.booking);
});

dialog.addEventListener("close", () => {
  shown.isBusy = false;
  if (!isDone && putBack) {
    putBack();
    document.getElementById("announce").textContent = words.moved_back;
  }
  putBack = null;
  if (!isDone) shown.load();
});
