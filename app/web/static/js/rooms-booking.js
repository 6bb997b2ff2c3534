// Booking an empty time: a panel with the room and the time, the guard's answer, the price and the client.
import { ask, sentences } from "./asking.js";
import { csrf, focusBooking, roomOf, settings, shown, words } from "./rooms-state.js";
import { added } from "./wall-time.js";
import { bindWish, refuse } from "./rooms-wish.js";

const CLIENT = ["client_name", "client_email", "client_phone", "event_type", "guests", "message"];
const dialog = document.getElementById("r-book");
const form = dialog?.querySelector("[data-book-form]");
const ASKED = form?.elements.reason ? ["reason", ...CLIENT] : CLIENT;
const bound = form && bindWish(form);

export const mayBook = Boolean(dialog);

const tellErrors = (errors = {}) => {
  for (const line of form.querySelectorAll("[data-error]")) {
    const told = (errors[line.dataset.error] || []).join(" ");
    const input = form.elements[line.dataset.error];
    line.hidden = !told;
    line.textContent = told;
    input.classList.toggle("is-invalid", Boolean(told));
    if (told) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  form.querySelector("[aria-invalid]")?.focus();
};

/** Open the panel for a time in a room; without an end it is as short as the room allows.
 *  What was typed of a client stays, also after Escape, until it is booked or the panel is closed by its button. */
export const openBook = ({ room = "", starts, ends = "", guests = "" }) => {
  if (!dialog || dialog.open) return;
  const chosen = roomOf(room) || settings.rooms[0];
  refuse(form, "");
  tellErrors();
  shown.isBusy = true;
  dialog.showModal();
  if (guests) form.elements.guests.value = guests;
  bound.fill({ room: chosen.id, starts, ends: ends || added(starts, { seconds: Math.max(chosen.shortest, 60) * 60 }) });
  form.elements.client_name.focus({ preventScroll: true });
};

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter || form.querySelector("[data-submits]");
  const missing = ASKED.map((name) => form.elements[name]).find((input) => !input.checkValidity());
  tellErrors(missing ? { [missing.name]: [missing.validationMessage] } : {});
  if (missing || button.disabled) return;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const client = Object.fromEntries(CLIENT.map((name) => [name, form.elements[name].value]));
  const json = { zone: settings.zone, ...bound.wish(), client, reason: form.elements.reason?.value || "", confirm: button.name === "confirm" };
  const answer = await ask(`${settings.url}book`, { json, csrf });
  button.removeAttribute("aria-busy");
  if (!answer.ok) {
    const told = answer.facts.errors || {};
    tellErrors(told);
    const isAtField = ASKED.some((name) => told[name]);
    refuse(form, isAtField ? "" : sentences(answer.facts)[0] || words.offline);
    if (answer.facts.judgement) bound.draw(answer);
    else button.disabled = false;
    shown.load();
    return;
  }
  form.reset();
  dialog.close();
  window.Festoon.note(answer.facts.said);
  await shown.load();
  focusBooking(answer.facts.booking);
});

dialog?.addEventListener("close", () => (shown.isBusy = false));
dialog?.querySelector("[data-close]").addEventListener("click", () => form.reset());
