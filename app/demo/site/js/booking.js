// Booking a package, the confirmation, and the client's own page of a booking.
import { day, field, form, locale, make, money, moment, notice, open, say } from "./page.js";
import { get, once, post, signedIn } from "./api.js";

export const OCCASIONS = ["wedding", "birthday", "anniversary", "engagement", "baby_shower", "graduation", "festival", "corporate", "other"];

// What was typed for a package, and the key of the wish: neither a closed sheet nor a reload loses them.
const place = (id) => `festoon.wish.${id}`;
const keep = (id, wish) => sessionStorage.setItem(place(id), JSON.stringify(wish));

function wishFor(id) {
  const kept = JSON.parse(sessionStorage.getItem(place(id)) ?? "null") ?? { key: crypto.randomUUID(), values: {} };
  keep(id, kept);
  return kept;
}

export async function openBooking(found) {
  const wish = wishFor(found.id);
  const me = signedIn() ? await get("/auth/me").then((answer) => answer.data, () => null) : null;
  const given = (name, fallback) => wish.values[name] ?? fallback ?? "";
  const today = new Date().toISOString().slice(0, 10);
  const fields = [
    make("div", { class: "two" },
      field("client_name", say("name"), { required: true, autocomplete: "name", value: given("client_name", me?.name), maxlength: "200" }),
      field("client_email", say("email"), { required: true, type: "email", autocomplete: "email", inputmode: "email", value: given("client_email", me?.email) })),
    make("div", { class: "two" },
      field("event_type", say("occasion"), { required: true, value: given("event_type"), options: [["", say("choose")], ...OCCASIONS.map((name) => [name, say(name)])] }),
      field("event_on", say("date"), { required: true, type: "date", min: today, value: given("event_on") })),
    field("place", say("place"), { required: true, autocomplete: "street-address", value: given("place"), maxlength: "300" }),
    make("div", { class: "two" },
      field("guests", say("guests"), { type: "number", min: "1", inputmode: "numeric", value: given("guests") }),
      field("client_phone", say("phone"), { type: "tel", autocomplete: "tel", value: given("client_phone", me?.phone) })),
    field("message", say("message"), { rows: "3", value: given("message") }),
  ];
  const element = form(fields, say("send_booking"), async (values) => {
    const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
    body.package = found.id;
    body.time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (values.guests) body.guests = Number(values.guests);
    try {
      const { data } = await once(`/bookings?lang=${locale()}`, body, wish.key);
      sessionStorage.removeItem(place(found.id));
      showConfirmation(data);
    } catch (problem) {
      if (problem.status === 422) { // refused: what is mended is another wish
        wish.key = crypto.randomUUID();
        keep(found.id, wish);
      }
      throw problem;
    }
  });
  element.addEventListener("input", () => {
    wish.values = Object.fromEntries(new FormData(element));
    keep(found.id, wish);
  });
  open(say("book_title", { name: found.name }), make("p", { class: "price" }, make("strong", {}, money(found.price))), element);
}

export function showConfirmation(booking) {
  open(say("booked"), ...told(booking), make("p", { class: "send" }, make("button", { type: "button", class: "button", onclick: () => openStatus(tokenOf(booking)) }, say("see_status"))));
}

const tokenOf = (booking) => booking.links.status.split("/").pop();

function told(booking) {
  const facts = [
    [say("reference"), make("span", { class: "number", dir: "ltr" }, booking.reference)],
    [say("status"), make("span", { class: "state", "data-status": booking.status }, booking.status_label)],
    ...(booking.room ? [[say("room"), `${booking.room.name}, ${booking.room.venue}`], [say("time"), booking.time_text]] : []),
    ...(booking.package || !booking.room ? [[say("package"), booking.package?.name ?? "–"]] : []),
    [say("occasion"), booking.event_type_label],
    ...(booking.room ? [] : [[say("date"), booking.event_on_text ?? day(booking.event_on)]]),
    [say("place"), make("span", { dir: "auto" }, booking.place)],
    [say("total"), booking.total?.text ?? "–"],
  ];
  return [
    make("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    booking.next.length ? make("ul", { class: "ticks" }, ...booking.next.map((sentence) => make("li", {}, sentence))) : null,
  ];
}

export async function openStatus(token) {
  const path = `/bookings/status/${encodeURIComponent(token)}`;
  try {
    const { data } = await get(`${path}?lang=${locale()}`, { anonymous: true });
    showStatus(data, () => post(`${path}/cancel?lang=${locale()}`, {}, { anonymous: true }));
  } catch (problem) {
    notice(problem.detail ?? say("no_network"));
  }
}

function showStatus(booking, cancel) {
  const said = make("p", { class: "summary", hidden: true, role: "alert" });
  const steps = make("ol", { class: "rows" }, ...booking.steps.map((step) => make("li", {}, make("span", {}, step.label), make("time", { class: "soft", datetime: step.at }, moment(step.at)))));
  const ask = make("button", { type: "button", class: "quiet danger", onclick: () => { ask.hidden = true; sure.hidden = false; sure.querySelector("button").focus(); } }, say("cancel_booking"));
  const sure = make("div", { class: "send", hidden: true }, make("p", {}, booking.cancellation.refund?.sentence ?? say("cancel_sure")),
    make("button", { type: "button", class: "quiet danger", onclick: async () => {
      try {
        const { data } = await cancel();
        notice(say("cancelled_now"));
        showStatus(data, cancel);
      } catch (problem) {
        said.textContent = problem.detail ?? say("no_network");
        said.hidden = false;
      }
    } }, say("cancel_booking")),
    make("button", { type: "button", class: "quiet", onclick: () => { ask.hidden = false; sure.hidden = true; } }, say("keep_booking")));
  open(say("your_booking"), ...told(booking), steps, make("p", { class: "soft" }, booking.cancellation.sentence), booking.cancellation.policy?.steps.length ? make("p", { class: "soft" }, booking.cancellation.policy.text) : null, said, ...(booking.cancellation.allowed ? [make("p", {}, ask), sure] : []));
}

export async function ownBookings() {
  const { data } = await get(`/bookings?lang=${locale()}&page[size]=50`);
  if (!data.length) return make("p", { class: "none" }, say("no_bookings"));
  return make("ul", { class: "rows" }, ...data.map((booking) => make("li", {},
    make("span", {}, make("strong", {}, booking.package?.name ?? booking.room?.name ?? booking.event_type_label), make("br"), make("span", { class: "soft" }, `${booking.event_on_text} · ${booking.reference}`)),
    make("button", { type: "button", class: "quiet", onclick: () => showStatus(booking, () => post(`/bookings/${booking.id}/cancel?lang=${locale()}`, {})) }, booking.status_label))));
}

