// Live news for staff pages: one socket, opened when a page first joins a room, back by itself after a break.
const rooms = new Map(); // room -> Set of {event: handler}
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
  const answer = await ask("join", { room });
  for (const handlers of rooms.get(room) || []) handlers.joined?.(answer);
};

// An event is for the handlers of the room it was told in; its facts tell which that was.
const roomOf = (event, facts) => {
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
  /** Join a room; gives the function that leaves it. `handlers.joined` is called after each (re)connection. */
  join(room, handlers) {
    const known = rooms.get(room) || new Set();
    known.add(handlers);
    rooms.set(room, known);
    if (socket?.connected) enter(room);
    else open();
    return () => {
      known.delete(handlers);
      if (!known.size && rooms.get(room) === known) {
        rooms.delete(room);
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

window.Festoon = Object.assign(window.Festoon || {}, { live });
