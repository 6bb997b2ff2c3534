// Live news for staff pages: one socket, opened when a page first joins a room, back by itself after a break.
const rooms = new Map(); // room -> Set of {event: handler}
const manners = new Map(); // room -> what is said on entering it; it is looked at as soon as one of its handlers looks
const watchers = new Set();
let socket = null;
let state = "away";

const say = (next) => {
  if (next === state) return;
  state = next;
  for (const watch of watchers) watch(state);
};

const ask = (event, facts) =>
  new Promise((resolve) => {
    const fail = { ok: false, status: 503, code: "away", detail: "" };
    if (!socket?.connected) return resolve(fail);
    socket.timeout(10000).emit(event, facts, (error, answer) => resolve(error ? fail : answer));
  });

const enter = async (room) => {
  const answer = await ask("join", { ...manners.get(room), room });
  for (const handlers of rooms.get(room) || []) handlers.joined?.(answer);
};

// An event is for the handlers of the room it was told in; its facts tell which that was.
const roomOf = (event, facts) => {
  if (facts.room) return facts.room;
  if (event === "notice") return `user:${facts.user}`;
  if (event === "changed") return `resource:${facts.resource}`;
  if (event === "conversation") return "visitor" in facts ? `conversation:${facts.id}` : "inbox";
  return facts.conversation ? `conversation:${facts.conversation}` : "inbox";
};
const spread = (event, facts) => {
  for (const handlers of rooms.get(roomOf(event, facts)) || []) handlers[event]?.(facts);
};

const open = async () => {
  if (socket) return;
  socket = { connected: false };
  const { io } = await import("../vendor/socket.io/socket.io.min.js");
  socket = io("/staff", { transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelayMax: 10000 });
  socket.on("connect", () => {
    say("connected");
    for (const room of rooms.keys()) enter(room);
  });
  socket.on("disconnect", (reason) => {
    say("away");
    if (reason === "io server disconnect") say("signed out");
  });
  socket.on("connect_error", (error) => {
    say(error.data?.status === 401 ? "signed out" : "away");
  });
  socket.onAny(spread);
};

export const live = {
  /** Join a room; gives the function that leaves it. `handlers.joined` is called after each (re)connection.
   *
   * Who joins is shown to the others as one who looks at it, unless `manner.looks` is false: who only listens.
   */
  join(room, handlers, manner = {}) {
    const known = rooms.get(room) || new Set();
    known.add(handlers);
    rooms.set(room, known);
    const before = manners.get(room) || { looks: false };
    manners.set(room, { ...before, ...manner, looks: before.looks || manner.looks !== false });
    if (socket?.connected) enter(room);
    else open();
    return () => {
      known.delete(handlers);
      if (!known.size && rooms.get(room) === known) {
        rooms.delete(room);
        manners.delete(room);
        ask("leave", { room });
      }
    };
  },
  /** Send an event; resolves with the server's answer, or with {ok: false} when there is none. */
  emit: ask,
  /** Be told "connected", "away" or "signed out"; gives the function that stops it. */
  onState(watch) {
    watchers.add(watch);
    watch(state);
    return () => watchers.delete(watch);
  },
};

/** Hear of changes of a content type ("booking") or of one record ("booking/<id>"), and who else is there.
 *
 * `onChange({ids, again})` is called when records were written, with `again` after a broken line; `onPeople(people)`
 * with those who look at the same, [{id, name, doing: "view" | "edit"}]. Who does not ask for people listens only and
 * is not one of them: a number on the home page is no look at its list. Gives the function that ends it.
 */
export const watch = (name, { onChange, onPeople, doing = "view" } = {}) => {
  const [resource, id] = name.split("/");
  const changes = `resource:${resource}`;
  const place = id ? `record:${name}` : changes;
  let you = null;
  let times = 0;
  const tell = (viewers) => onPeople?.(viewers.filter((viewer) => viewer.id !== you));
  const people = {
    joined(answer) {
      if (!answer.ok) return;
      you = answer.you;
      tell(answer.viewers || []);
    },
    viewers: (facts) => tell(facts.viewers),
    // Where not everybody sees every record, which one changed is told in its own room alone.
    changed: (facts) => id && onChange?.({ ids: facts.ids, again: false }),
  };
  const news = {
    changed(facts) {
      if (!id || facts.ids.includes(id)) onChange?.({ ids: facts.ids, again: false });
    },
    joined() {
      times += 1;
      if (times > 1) onChange?.({ ids: [], again: true });
    },
  };
  const leaves = [live.join(place, people, onPeople ? { doing } : { looks: false })];
  if (onChange) leaves.push(live.join(changes, news, { looks: false }));
  return () => leaves.forEach((leave) => leave());
};

window.Festoon = Object.assign(window.Festoon || {}, { live, watch });
