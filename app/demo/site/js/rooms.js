// Venues and their rooms: what is free by day, why a time is not, holding one with a countdown, booking what is held.
import { day, field, find, form, locale, make, notice, open, say } from "./page.js";
import { ask, get, once, signedIn } from "./api.js";
import { OCCASIONS, showConfirmation } from "./booking.js";

const HOURS = [1, 2, 3, 4, 6, 8, 10];
const asked = { from: "", minutes: 120, guests: 10, day: "" };
const HELD = "festoon.hold";
let counting;

export async function openVenue(venue) {
  const place = make("div", { class: "free", "aria-live": "polite", "aria-busy": true });
  const today = new Date().toISOString().slice(0, 10);
  asked.from ||= today;
  const wish = make("form", { class: "free-wish", onsubmit: (event) => event.preventDefault() },
    field("from", say("from_day"), { type: "date", required: true, min: today, value: asked.from }),
    field("hours", say("how_long"), { required: true, value: String(asked.minutes / 60), options: HOURS.map((hours) => [String(hours), lasting(hours)]) }),
    field("guests", say("guests"), { type: "number", required: true, min: "1", inputmode: "numeric", value: String(asked.guests) }));
  wish.addEventListener("change", () => {
    const values = Object.fromEntries(new FormData(wish));
    Object.assign(asked, { from: values.from || today, minutes: Number(values.hours) * 60, guests: Number(values.guests) || 1, day: "" });
    showFree(venue, place);
  });
  open(make("span", { lang: venue.languages.name }, venue.name), make("p", { lang: venue.languages.description }, venue.description ?? ""), wish, place);
  await showFree(venue, place);
}

const lasting = (hours) => new Intl.NumberFormat(locale(), { style: "unit", unit: "hour", unitDisplay: "long" }).format(hours);
const dayName = (date) => new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));

async function showFree(venue, place) {
  place.setAttribute("aria-busy", "true");
  try {
    const wanted = new URLSearchParams({ lang: locale(), from: asked.from, days: 7, minutes: asked.minutes, guests: asked.guests });
    const { data } = await get(`/venues/${venue.id}/availability?${wanted}`, { anonymous: true });
    drawFree(venue, data, place);
  } catch (problem) {
    place.replaceChildren(make("p", { class: "summary", role: "alert" }, problem.detail ?? say("no_network")));
  } finally {
    place.removeAttribute("aria-busy");
  }
}

function drawFree(venue, data, place) {
  const dates = data.rooms[0]?.days.map((one) => one.date) ?? [];
  const isFree = (date) => data.rooms.some((room) => room.days.find((one) => one.date === date).slots.length);
  asked.day = dates.includes(asked.day) ? asked.day : dates.find(isFree) ?? dates[0] ?? "";
  const choose = (date) => { asked.day = date; drawFree(venue, data, place); find(`[data-day="${date}"]`, place).focus(); };
  const days = dates.map((date) => make("button", { type: "button", "data-day": date, "aria-pressed": String(date === asked.day), title: day(date), class: isFree(date) ? "" : "is-full", onclick: () => choose(date) }, dayName(date)));
  place.replaceChildren(
    make("div", { class: "free-days", role: "group", "aria-label": say("day") }, ...days),
    make("p", { class: "soft" }, say("venue_clocks", { zone: data.zone })),
    ...data.rooms.map((room) => roomTimes(venue, room)),
    data.rooms.length ? "" : make("p", { class: "none" }, say("nothing_here")));
}

function roomTimes(venue, room) {
  const slots = room.days.find((one) => one.date === asked.day)?.slots ?? [];
  const chosen = (slot) => make("button", { type: "button", class: "slot", "data-request": slot.by_request, onclick: () => hold(venue, room, slot) }, slot.text, slot.by_request ? make("span", { class: "soft" }, ` ${say("by_request")}`) : "");
  const none = make("p", { class: "soft" }, say(room.fits ? "nothing_free" : "too_small"));
  return make("section", { class: "room" },
    make("h3", {}, room.name, make("span", { class: "soft" }, ` · ${say("people", { count: room.capacity })}`), room.price ? make("strong", {}, room.price.text) : ""),
    slots.length ? make("div", { class: "slots" }, ...slots.map(chosen)) : none,
    room.fits ? whyNot(venue, room) : "");
}

// A time that is not offered: the rules say why, and what is free near it.
function whyNot(venue, room) {
  const said = make("div", { class: "why", "aria-live": "polite" });
  const id = `at-${room.id}`;
  const time = make("input", { id, type: "time", required: true, value: "12:00", step: "900" });
  const question = make("form", { class: "send", onsubmit: (event) => { event.preventDefault(); explain(venue, room, time.value, said); } },
    make("label", { for: id }, say("starts")), time, make("button", { class: "quiet" }, say("ask_why")));
  return make("details", {}, make("summary", {}, say("another_time")), question, said);
}

async function explain(venue, room, wall, said) {
  const starts = new Date(`${asked.day}T${wall}Z`);
  const local = (at) => at.toISOString().slice(0, 16);
  const wanted = new URLSearchParams({ lang: locale(), zone: "venue", guests: asked.guests, starts_at: local(starts), ends_at: local(new Date(+starts + asked.minutes * 60000)) });
  try {
    const { data } = await get(`/rooms/${room.id}/explanation?${wanted}`, { anonymous: true });
    const told = data.is_free ? [make("p", {}, say("is_free"))] : data.rules.filter((rule) => !rule.is_kept).map((rule) => make("p", { class: "against", "data-rule": rule.rule }, rule.sentence));
    const near = data.is_free ? [{ ...data, room: data.room }] : data.alternatives;
    said.replaceChildren(...told, near.length && !data.is_free ? make("p", { class: "soft" }, say("free_near")) : "",
      make("div", { class: "slots" }, ...near.map((one) => make("button", { type: "button", class: "slot", onclick: () => hold(venue, one.room, one) }, `${one.room.name}: ${one.time_text}`))));
  } catch (problem) {
    said.replaceChildren(make("p", { class: "against" }, problem.detail ?? say("no_network")));
  }
}

// One hold a tab: who chooses another time lets the one before go.
async function letGo() {
  const held = sessionStorage.getItem(HELD);
  sessionStorage.removeItem(HELD);
  if (held) await ask("DELETE", `/holds/${held}`).catch(() => null);
}

async function hold(venue, room, slot) {
  try {
    await letGo();
    const body = { room: room.id, starts_at: slot.starts_at, ends_at: slot.ends_at, guests: asked.guests };
    const { data } = await once(`/holds?lang=${locale()}`, body, crypto.randomUUID());
    sessionStorage.setItem(HELD, data.token);
    await openHold(venue, data);
  } catch (problem) {
    notice(problem.detail ?? say("no_network"));
    if (problem.code === "room_taken") await openVenue(venue);
  }
}

// What is held, for how long still, what it costs and what is paid back: all of it before anything is booked.
async function openHold(venue, held) {
  const me = signedIn() ? await get("/auth/me").then((answer) => answer.data, () => null) : null;
  const key = { now: crypto.randomUUID() };
  const left = make("strong", { class: "countdown", role: "timer" });
  const facts = [[say("room"), `${held.room.name}, ${held.room.venue}`], [say("time"), held.time_text], ...held.lines.map((line) => [line.text, line.total.text]), ...(held.note ? [["", held.note]] : []), [say("total"), held.total?.text ?? "–"]];
  const fields = [
    make("div", { class: "two" },
      field("client_name", say("name"), { required: true, autocomplete: "name", maxlength: "200", value: me?.name ?? "" }),
      field("client_email", say("email"), { required: true, type: "email", autocomplete: "email", value: me?.email ?? "" })),
    make("div", { class: "two" },
      field("event_type", say("occasion"), { required: true, options: [["", say("choose")], ...OCCASIONS.map((name) => [name, say(name)])] }),
      field("client_phone", say("phone"), { type: "tel", autocomplete: "tel", value: me?.phone ?? "" })),
    field("message", say("message"), { rows: "2" }),
  ];
  const element = form(fields, say("send_booking"), async (values) => {
    const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
    try {
      const { data } = await once(`/holds/${held.token}/booking?lang=${locale()}`, body, key.now);
      clearInterval(counting);
      sessionStorage.removeItem(HELD);
      showConfirmation(data);
    } catch (problem) {
      if (problem.status === 422) key.now = crypto.randomUUID();
      throw problem;
    }
  });
  const release = make("button", { type: "button", class: "quiet", onclick: async () => {
    clearInterval(counting);
    await letGo();
    await openVenue(venue);
  } }, say("let_go"));
  open(say("held_for_you"),
    make("p", { class: "held" }, left, " ", say("held_until")),
    make("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    make("p", { class: "soft" }, held.policy.text), element, make("p", {}, release));
  count(left, held, element);
}

function count(place, held, element) {
  clearInterval(counting);
  const until = performance.now() + held.seconds_left * 1000;
  const tick = () => {
    const seconds = Math.max(0, Math.round((until - performance.now()) / 1000));
    place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds) return;
    clearInterval(counting);
    element.querySelector("button[type=submit]").disabled = true;
    place.parentElement.replaceChildren(say("hold_ended"));
  };
  tick();
  counting = setInterval(tick, 1000);
}
