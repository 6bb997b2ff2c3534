// How a time that is kept looks: as an event of the calendar, with its words in it.

/** Make an event, or something that stands behind the events, of what the server tells. */
export const eventOf = (facts, isBehind = false) => ({
  id: facts.id || [facts.kind, facts.room, facts.start].join(),
  resourceIds: [facts.room],
  start: facts.start,
  end: facts.end,
  title: facts.title,
  display: isBehind ? "background" : "auto",
  editable: Boolean(facts.is_movable),
  startEditable: Boolean(facts.is_movable),
  durationEditable: Boolean(facts.is_movable),
  classNames: isBehind ? ["r-behind", `is-${facts.kind}`] : ["r-kept", `is-${facts.kind}`, `is-tone-${facts.tone}`, ...(facts.blocks ? [] : ["is-competing"])],
  extendedProps: facts,
});

const span = (text, name, isFree = false) => {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  if (isFree) made.dir = "auto";
  return made;
};

/** Draw the inside of an event. All of its facts are there for who does not see its colour. */
export const contentOf = ({ event, timeText }, way) => {
  const facts = event.extendedProps;
  if (event.display === "background") {
    return { domNodes: facts.kind === "closure" ? [span(facts.title, "r-behind-words", true)] : [] };
  }
  if (event.display === "pointer") return { domNodes: [] };
  const inside = document.createElement("span");
  inside.className = "r-event";
  inside.dataset.claim = facts.id;
  if (facts.booking) inside.dataset.of = facts.booking;
  inside.append(span(facts.title, "r-event-title", true), span(timeText, "r-event-time"));
  if (!way.startsWith("rooms-")) inside.append(span(facts.place, "r-event-place", true));
  const rest = [facts.status, way.startsWith("rooms-") && facts.place, facts.reference, facts.occasion];
  inside.append(span(rest.filter((one) => one && one !== facts.title).join(", "), way === "list" ? "r-event-rest" : "f-sr"));
  inside.title = [facts.title, timeText, ...rest].filter(Boolean).join(" · ");
  return { domNodes: [inside] };
};
