// The calendar of rooms: what is kept in them, by room and by day. Where it looks, and in which zone, is in the address.
import { ask } from "./asking.js";
import { watch } from "./live.js";
import { mayBook, openBook } from "./rooms-booking.js";
import { openCard } from "./rooms-card.js";
import { eventOf, contentOf } from "./rooms-drawing.js";
import { walkEvents } from "./rooms-keys.js";
import { dragged, dropped, rest } from "./rooms-moving.js";
import { place, settings, shown, words } from "./rooms-state.js";
import { added, wallOf } from "./wall-time.js";

const VIEWS = {
  "rooms-day": "resourceTimelineDay",
  "rooms-week": "resourceTimelineWeek",
  day: "timeGridDay",
  week: "timeGridWeek",
  month: "dayGridMonth",
  list: "listWeek",
};
const CALM = 300;
const AGAIN = 5000;
const EVERY = 60_000; // holds end by themselves, and closures are written elsewhere
const part = (name) => place.querySelector(`[data-${name}]`);
const stage = part("stage");
const isPhone = matchMedia("(max-width: 639px)");

const wayOfAddress = () => new URLSearchParams(location.search).get("view") || (isPhone.matches ? "list" : "rooms-week");
let way = settings.view || wayOfAddress();
let range = null;
let asked = 0;
let again = 0;
let waiting = 0;
let isMissed = false;

const resources = () =>
  settings.shown_venues.map((venue) => ({
    id: `v:${venue.slug}`,
    title: venue.name,
    children: settings.rooms.filter((room) => room.venue === venue.slug).map((room) => ({ id: room.id, title: room.name })),
  }));

const fault = (isOn) => {
  part("fault").hidden = !isOn;
  part("fault-words").textContent = isOn ? words.failed : "";
};

const load = async () => {
  if (!range) return;
  clearTimeout(again);
  clearTimeout(waiting);
  isMissed = false;
  const mine = ++asked;
  stage.setAttribute("aria-busy", "true");
  const query = new URLSearchParams({ from: range.from, to: range.to, venues: settings.venues, zone: settings.zone });
  const answer = await ask(`${settings.url}events?${query}`);
  if (mine !== asked) return;
  stage.removeAttribute("aria-busy");
  part("wait")?.remove();
  fault(!answer.ok);
  if (!answer.ok) {
    again = setTimeout(load, AGAIN);
    return;
  }
  const { events, background } = answer.facts;
  shown.calendar.setOption("events", [...events.map((one) => eventOf(one)), ...behind(background)]);
  part("nothing").hidden = events.length > 0;
  stage.dataset.loaded = String(mine);
};
shown.load = load;

// Behind the times of several rooms together stands only what is so in all of them.
const behind = (all) => {
  if (way.startsWith("rooms-")) return all.map((one) => eventOf(one, true));
  if (way === "month" || way === "list") return [];
  const counted = new Map();
  for (const one of all.filter((each) => each.kind !== "buffer")) {
    const key = [one.kind, one.start, one.end, one.title].join();
    counted.set(key, { one, many: (counted.get(key)?.many || 0) + 1 });
  }
  return [...counted.values()].filter(({ many }) => many === settings.rooms.length).map(({ one }) => eventOf(one, true));
};

const soon = () => {
  if (document.hidden || shown.isBusy) return void (isMissed = true);
  clearTimeout(waiting);
  waiting = setTimeout(load, CALM);
};

const addressOf = (state) => {
  const pairs = { view: way, venues: settings.venues, zone: settings.asked_zone, ...state };
  const query = Object.entries(pairs).filter(([, value]) => value);
  return `${settings.url}?${query.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%2F", "/")}`).join("&")}`;
};
const dayShown = () => wallOf(shown.calendar.getOption("date")).slice(0, 10);
const remember = (manner) => history[`${manner}State`](null, "", addressOf({ date: dayShown() }));

const mark = () => {
  for (const button of place.querySelectorAll("button[data-way]")) button.setAttribute("aria-pressed", String(button.dataset.way === way));
  part("ways").value = way;
  part("title").textContent = shown.calendar.getView().title;
  part("date").value = dayShown();
  stage.dataset.way = way;
};

const went = ({ startStr, endStr }) => {
  const next = { from: startStr.slice(0, 10), to: endStr.slice(0, 10) };
  range = next;
  queueMicrotask(() => {
    if (!shown.calendar) return;
    mark();
    load();
  });
};

const whenOf = (facts) => `${facts.when} · ${facts.place}`;
const busy = (isOn) => () => {
  shown.isBusy = isOn;
  if (!isOn) rest();
};
const drop = (info) => dropped(info, whenOf(info.oldEvent.extendedProps));

const clicked = ({ event, el }) => {
  const facts = event.extendedProps;
  if (facts.kind === "booking" && settings.may.show) openCard(facts, el);
  else window.Festoon.note([facts.title, facts.status !== facts.title && facts.status, facts.place].filter(Boolean).join(" · "), { tone: "info" });
};
const firstRoom = (id = "") => (id.startsWith("v:") ? settings.rooms.find((room) => `v:${room.venue}` === id)?.id : id);
const pointed = ({ dateStr, allDay, resource }) => {
  if (!mayBook) return;
  const starts = allDay ? `${dateStr.slice(0, 10)}T12:00` : dateStr.slice(0, 16);
  openBook({ room: firstRoom(resource?.id), starts });
};
const selected = ({ startStr, endStr, allDay, resource }) => {
  shown.calendar.unselect();
  if (!mayBook || allDay) return;
  openBook({ room: firstRoom(resource?.id), starts: startStr.slice(0, 16), ends: endStr.slice(0, 16) });
};

const time = { hour: "numeric", minute: "2-digit" };
const rows = (more) => ({ slotEventOverlap: false, dayMaxEvents: true, ...more });
shown.calendar = window.EventCalendar.create(stage, {
  view: VIEWS[way],
  date: settings.date,
  timeZone: settings.offset,
  locale: document.documentElement.lang,
  firstDay: settings.first_day,
  headerToolbar: { start: "", center: "", end: "" },
  height: "100%",
  resources: resources(),
  events: [],
  editable: settings.may.move,
  selectable: mayBook,
  nowIndicator: true,
  dayMaxEvents: true,
  scrollTime: "08:00:00",
  snapDuration: "00:30:00",
  eventTimeFormat: time,
  slotLabelFormat: { hour: "numeric" },
  buttonText: (text) => ({ ...text, close: words.close, collapse: words.collapse, expand: words.expand }),
  moreLinkContent: ({ num }) => words.more.replace("{n}", num),
  noEventsContent: () => words.nothing,
  eventContent: (info) => contentOf(info, way),
  eventClick: clicked,
  dateClick: pointed,
  select: selected,
  dragConstraint: dragged,
  resizeConstraint: dragged,
  eventDragStart: busy(true),
  eventResizeStart: busy(true),
  eventDragStop: busy(false),
  eventResizeStop: busy(false),
  eventDrop: drop,
  eventResize: drop,
  datesSet: went,
  views: {
    resourceTimelineDay: rows({ slotDuration: "00:30:00", slotWidth: 34, slotLabelInterval: "01:00:00" }),
    resourceTimelineWeek: rows({ slotDuration: "03:00:00", slotWidth: 42, slotLabelInterval: "06:00:00" }),
    timeGridWeek: rows({ allDaySlot: false }),
    timeGridDay: rows({ allDaySlot: false }),
  },
});

const showAs = (next) => {
  if (next !== way) {
    way = next;
    shown.calendar.setOption("view", VIEWS[way]);
  }
  remember("push");
  mark();
};
place.addEventListener("click", (event) => {
  const turn = event.target.closest("[data-turn]")?.dataset.turn;
  const next = event.target.closest("button[data-way]")?.dataset.way;
  if (turn === "today") shown.calendar.setOption("date", settings.now.slice(0, 10));
  else if (turn) shown.calendar[turn]();
  if (turn) {
    remember("push");
    mark();
  }
  if (next) showAs(next);
  if (event.target.closest("[data-retry]")) load();
});
part("ways").addEventListener("change", ({ target }) => showAs(target.value));
part("date").addEventListener("change", ({ target }) => {
  if (!target.value) return;
  shown.calendar.setOption("date", target.value);
  remember("push");
});
document.querySelector("[data-zone]")?.addEventListener("change", ({ target }) => location.assign(addressOf({ date: dayShown(), zone: target.value })));
document.querySelector("[data-venues]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const boxes = [...event.target.querySelectorAll("[name=venue]")];
  const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
  if (chosen.length) location.assign(addressOf({ date: dayShown(), venues: chosen.length === boxes.length ? "" : chosen.join(","), zone: "" }));
});
document.querySelector("[data-book-new]")?.addEventListener("click", () => {
  const day = dayShown() > settings.now.slice(0, 10) ? dayShown() : added(settings.now, { days: 1 }).slice(0, 10);
  openBook({ starts: `${day}T12:00` });
});
addEventListener("popstate", () => {
  const asking = new URLSearchParams(location.search);
  way = asking.get("view") || way;
  shown.calendar.setOption("view", VIEWS[way]);
  shown.calendar.setOption("date", asking.get("date") || settings.date);
});

// The library calls its boxes a table, whose cells hold nothing: each event names its room, its time and its status itself.
const unname = () => {
  for (const box of stage.querySelectorAll(".ec[role], .ec-main [role]:not(.ec-event)")) {
    box.removeAttribute("role");
    box.removeAttribute("aria-colindex");
  }
  const scrolled = stage.querySelector(".ec-main:not([tabindex])");
  if (!scrolled) return;
  scrolled.tabIndex = 0;
  scrolled.setAttribute("role", "group");
  scrolled.setAttribute("aria-label", place.getAttribute("aria-label"));
};
new MutationObserver(unname).observe(stage, { childList: true, subtree: true });

walkEvents(stage);
unname();
watch("booking", { onChange: soon });
const settle = () => !document.hidden && !shown.isBusy && isMissed && soon();
document.addEventListener("visibilitychange", settle);
for (const dialog of document.querySelectorAll("dialog[id^=r-]")) dialog.addEventListener("close", () => setTimeout(settle));
setInterval(soon, EVERY);
mark();
const wanted = Object.fromEntries(new URLSearchParams(location.search));
remember("replace");
load();
if (mayBook && wanted.book && wanted.starts) openBook({ room: wanted.book, starts: wanted.starts, ends: wanted.ends, guests: wanted.guests });
