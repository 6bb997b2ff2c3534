// The chat: Socket.IO where it gets through, long polling where it does not. What is said is never lost or doubled.
import { clock, find, locale, make, say } from "./page.js";
import { ask, get, onSignIn, post, refresh, signedIn, token } from "./api.js";

const SESSION = "festoon.chat";
const HEADER = "X-Chat-Session";
const PATIENCE = 3000;
const state = { socket: null, messages: new Map(), waiting: [], conversation: null, open: false, online: false, polling: false, turn: 0, typing: "" };
let parts;

const session = () => localStorage.getItem(SESSION);
const headers = () => (session() ? { [HEADER]: session() } : {});
const lastSequence = () => Math.max(0, ...state.messages.keys());

export function startChat() {
  parts = {
    open: make("button", { type: "button", class: "button chat-open", onclick: show }),
    talk: make("div", { class: "talk", role: "log", "aria-live": "polite", tabindex: "0" }),
    typing: make("p", { class: "typing", "aria-live": "polite" }),
    text: make("textarea", { rows: "1", maxlength: "4000", id: "chat-text", dir: "auto" }),
  };
  parts.send = make("button", { class: "button small", type: "submit" });
  parts.form = make("form", {}, make("label", { class: "unseen", for: "chat-text" }), parts.text, parts.send);
  parts.title = make("strong", {});
  parts.more = make("p", {});
  parts.close = make("button", { type: "button", class: "close", onclick: hide }, "×");
  parts.panel = make("section", { class: "chat-panel", hidden: true, role: "dialog" }, make("header", {}, make("div", {}, parts.title, parts.more), parts.close), parts.talk, parts.typing, parts.form);
  find("#chat").replaceChildren(parts.open, parts.panel);
  parts.form.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
  parts.text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); leave(); }
    else tellTyping();
  });
  parts.panel.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  new MutationObserver(word).observe(document.documentElement, { attributeFilter: ["lang"] });
  onSignIn(reconnect);
  word();
  if (session() || signedIn()) connect();
}

function word() {
  parts.title.textContent = say("chat");
  parts.more.textContent = say("chat_more");
  parts.close.setAttribute("aria-label", say("close"));
  parts.send.textContent = say("send");
  parts.text.placeholder = say("write");
  parts.form.querySelector("label").textContent = say("write");
  parts.panel.setAttribute("aria-label", say("chat"));
  draw();
}

async function show() {
  state.open = true;
  parts.panel.hidden = false;
  parts.open.hidden = true;
  parts.text.focus();
  await connect();
  draw();
  markRead();
}

function hide() {
  state.open = false;
  parts.panel.hidden = true;
  parts.open.hidden = false;
  parts.open.focus();
  draw();
}

// A session is made when somebody wants to speak, not when they look; one, whoever asks for it at the same time.
let beginning = null;
async function ensureSession() {
  if (session() || signedIn()) return;
  beginning ??= post("/sessions", { locale: locale() }, { anonymous: true })
    .then((made) => localStorage.setItem(SESSION, made.token))
    .finally(() => (beginning = null));
  await beginning;
}

async function connect() {
  if (state.socket) return;
  const turn = state.turn;
  let io;
  try {
    await ensureSession();
    ({ io } = await import("/static/vendor/socket.io/socket.io.min.js"));
  } catch {
    if (turn === state.turn) poll();
    return;
  }
  if (state.socket || turn !== state.turn) return;
  const socket = (state.socket = io("/public", { auth: (give) => give(credentials()), transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelayMax: 10000 }));
  socket.on("connect", () => { state.online = true; resume(); draw(); });
  setTimeout(() => { if (socket === state.socket && !state.online) poll(); }, PATIENCE); // a wall may just keep silent
  socket.on("disconnect", () => { if (socket === state.socket) { state.online = false; draw(); } });
  socket.on("connect_error", async (error) => {
    if (socket !== state.socket) return;
    if (isOver(error.data)) await renew(error.data);
    else poll();
  });
  socket.on("refused", (facts) => { if (socket === state.socket && isOver(facts)) renew(facts); });
  socket.on("message", (facts) => { take(facts.message ?? facts); if (state.open) markRead(); });
  socket.on("conversation", (facts) => { state.conversation = facts.conversation ?? facts; draw(); });
  socket.on("read", (facts) => { if (facts.by === "staff" && state.conversation) { state.conversation.read_by_staff = facts.sequence; draw(); } });
  socket.on("typing", (facts) => {
    if (facts.by !== "staff") return;
    clearTimeout(state.quiet);
    state.typing = facts.on ? say("is_typing", { name: facts.name || say("somebody") }) : "";
    state.quiet = setTimeout(() => { state.typing = ""; draw(); }, 6000);
    draw();
  });
}

const credentials = () => (signedIn() ? { token: token(), ...(session() ? { session: session() } : {}) } : { token: session() });

const rest = () => new Promise((next) => setTimeout(next, 5000));
const ofSession = (facts) => ["session_unknown", "session_of_another"].includes(facts.code);
const isOver = (facts) => Boolean(facts) && (facts.status === 401 || ofSession(facts));

// A session in which a member signed in is worth nothing without them: another one begins.
async function renew(facts) {
  const turn = state.turn;
  if (!signedIn() || ofSession(facts)) localStorage.removeItem(SESSION);
  if (!signedIn()) { clear(); await ensureSession().catch(rest); }
  else if (!ofSession(facts)) await refresh();
  if (turn === state.turn) state.socket?.connect();
}

function clear() {
  state.messages.clear();
  state.conversation = null;
  state.typing = "";
}

// Somebody signed in or out. What was asked for before signing out is answered to nobody: `turn` tells.
function reconnect() {
  if (!parts) return;
  const before = state.socket;
  Object.assign(state, { socket: null, online: false });
  before?.disconnect();
  if (!signedIn()) {
    localStorage.removeItem(SESSION);
    clear();
    Object.assign(state, { turn: state.turn + 1, polling: false, waiting: [] });
  }
  draw();
  if (session() || signedIn() || state.open) connect();
}

async function resume() {
  const turn = state.turn;
  for (let more = true; more; ) {
    const answer = await ackOf("resume", { after: lastSequence() });
    if (!answer?.ok || turn !== state.turn) return;
    if (belongTo(answer.conversation)) { more = true; continue; }
    for (const message of answer.messages) take(message);
    more = answer.more;
  }
  for (const pending of state.waiting) deliver(pending);
  draw();
}

// Who signs in may find another conversation of theirs: its messages are counted anew.
function belongTo(conversation) {
  const isOther = Boolean(state.conversation && conversation && conversation.id !== state.conversation.id);
  if (isOther) state.messages.clear();
  state.conversation = conversation ?? state.conversation;
  return isOther;
}

// Where no socket gets through, a request waits for what is new.
async function poll() {
  const turn = state.turn;
  if (state.polling) return;
  state.polling = true;
  const goesOn = () => turn === state.turn && !state.online && (session() || signedIn());
  while (goesOn()) {
    try {
      const found = await get(`/chat/messages?after=${lastSequence()}&wait=25`, { headers: headers() });
      if (turn !== state.turn) return;
      if (belongTo(found.conversation)) continue;
      found.messages.forEach(take);
      if (state.open && found.messages.length) markRead();
      draw();
      if (!found.conversation) await rest();
    } catch (problem) {
      if (turn !== state.turn) return;
      if (ofSession(problem)) await renew(problem);
      await rest();
    }
  }
  if (turn === state.turn) state.polling = false;
}

const ackOf = (event, facts) => state.socket.timeout(8000).emitWithAck(event, facts).catch(() => null);

function leave() {
  const text = parts.text.value.trim();
  if (!text) return;
  parts.text.value = "";
  const pending = { text, client_key: crypto.randomUUID(), failed: false };
  state.waiting.push(pending);
  draw();
  deliver(pending);
}

// The key goes with every try: the message is left once, however often it is sent.
async function deliver(pending) {
  pending.failed = false;
  const turn = state.turn;
  const body = { text: pending.text, client_key: pending.client_key };
  const said = state.online ? await ackOf("message", body) : await ensureSession().then(() => ask("POST", "/chat/messages", { body, headers: headers() })).then((found) => ({ ok: true, ...found })).catch(() => null);
  if (turn !== state.turn) return;
  if (said?.ok) {
    belongTo(said.conversation);
    take(said.message);
  } else {
    pending.failed = true;
  }
  draw();
}

function take(message) {
  state.messages.set(message.sequence, message);
  state.waiting = state.waiting.filter((pending) => pending.client_key !== message.client_key);
  if (message.sender !== "client") state.typing = "";
  draw();
}

let typed = 0;
function tellTyping() {
  if (!state.online || Date.now() - typed < 2500) return;
  typed = Date.now();
  state.socket.emit("typing", { on: true });
}

function markRead() {
  const sequence = lastSequence();
  if (!sequence || !state.conversation || sequence <= state.conversation.read_by_client) return;
  state.conversation.read_by_client = sequence;
  if (state.online) state.socket.emit("read", { sequence });
  else post("/chat/read", { sequence }, { headers: headers() }).catch(() => {});
  draw();
}

// Staff see which pages the visitor looks at; only of who has a session already.
export function visit() {
  if (session()) post("/chat/pages", { path: location.pathname + location.hash, title: document.title }, { headers: headers() }).catch(() => {});
}

function draw() {
  const found = [...state.messages.values()].sort((a, b) => a.sequence - b.sequence);
  const read = state.conversation?.read_by_client ?? 0;
  const unread = found.filter((message) => message.sender !== "client" && message.sequence > read).length;
  parts.open.replaceChildren(say("chat"), unread ? make("span", { class: "unread" }, String(unread)) : "");
  const atEnd = parts.talk.scrollHeight - parts.talk.scrollTop - parts.talk.clientHeight < 60;
  const lastMine = found.filter((message) => message.sender === "client").at(-1);
  let before = "";
  const rows = found.flatMap((message) => {
    const mine = message.sender === "client";
    const by = mine ? "mine" : `${message.sender}${message.author}`;
    const name = !mine && by !== before ? make("p", { class: "by" }, `${message.author || say("somebody")}${message.is_bot ? ` · ${say("bot")}` : ""} · ${clock(message.created_at)}`) : null;
    before = by;
    const seen = mine && message === lastMine && make("p", { class: "under" }, message.sequence <= (state.conversation?.read_by_staff ?? 0) ? say("seen") : say("sent"));
    return [name, make("p", { class: `said-by ${mine ? "mine" : "theirs"}`, dir: "auto" }, message.text), seen || null];
  });
  const pending = state.waiting.flatMap((item) => [
    make("p", { class: `said-by mine${item.failed ? " failed" : ""}`, dir: "auto" }, item.text),
    item.failed ? make("button", { type: "button", class: "quiet under", onclick: () => deliver(item) }, say("not_sent")) : null,
  ]);
  parts.talk.replaceChildren(...[...rows, ...pending].filter(Boolean));
  parts.typing.textContent = state.socket && !state.online && !state.polling ? say("connecting") : state.typing;
  if (atEnd) parts.talk.scrollTop = parts.talk.scrollHeight;
}
