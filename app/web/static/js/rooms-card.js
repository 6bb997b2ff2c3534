// A booking beside its event: who, when, where, and what may be done with it.
import { ask, sentences } from "./asking.js";
import { openMove } from "./rooms-moving.js";
import { focusClaim, settings, shown, words } from "./rooms-state.js";

const GAP = 8;
const dialog = document.getElementById("r-card");
const box = dialog.querySelector("[data-card]");
let claim = "";
let booking = "";

const put = (anchor) => {
  dialog.classList.toggle("is-placed", innerWidth >= 640 && Boolean(anchor));
  if (!dialog.classList.contains("is-placed")) return dialog.removeAttribute("style");
  const [at, own] = [anchor.getBoundingClientRect(), dialog.getBoundingClientRect()];
  const below = at.bottom + GAP + own.height < innerHeight;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - own.height);
  dialog.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - own.width - GAP))}px`;
  dialog.style.top = `${Math.min(top, Math.max(GAP, innerHeight - own.height - GAP))}px`;
};

const read = async () => {
  const answer = await ask(`${settings.url}bookings/${booking}?zone=${encodeURIComponent(settings.zone)}`);
  if (!answer.ok) {
    window.Festoon.note(sentences(answer.facts)[0] || words.offline, { tone: "danger" });
    return false;
  }
  box.replaceChildren(...new DOMParser().parseFromString(answer.html, "text/html").body.childNodes);
  return true;
};

/** Open the card of a booking at its event. */
export const openCard = async (facts, anchor) => {
  claim = facts.id;
  booking = facts.booking;
  if (!(await read()) || dialog.open) return;
  dialog.showModal();
  put(anchor);
  (box.querySelector("[data-move]") || box.querySelector("[data-close]")).focus();
};

dialog.addEventListener("click", (event) => {
  if (!event.target.closest("[data-move]")) return;
  const card = box.querySelector("[data-booking]").dataset;
  dialog.close();
  openMove({ booking: card.booking, title: card.title, was: card.when, room: card.room, starts: card.starts, ends: card.ends });
});

dialog.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-act]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  // The answer leads to the booking's page, whose sentence is for this one: it is not followed.
  const sent = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
  if (!sent) {
    button.disabled = false;
    return window.Festoon.note(words.offline, { tone: "danger" });
  }
  await Promise.all([read(), shown.load()]);
  box.querySelector("[data-close]")?.focus();
});

dialog.addEventListener("close", () => setTimeout(() => document.querySelector("dialog[open]") || focusClaim(claim)));
