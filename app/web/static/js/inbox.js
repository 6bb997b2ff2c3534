// The inbox: which conversation is open, what is done to it, the keys, and the live news that bring it up to date.
import { Composer } from "./inbox-composer.js";
import { List } from "./inbox-list.js";
import { Thread } from "./inbox-thread.js";
import { dress } from "./inbox-time.js";
import { ask, base, fill, inbox, note, parse, wish, words } from "./inbox-wire.js";
import { live } from "./live.js";

const pane = inbox.querySelector("[data-pane]");
const lost = inbox.querySelector("[data-lost]");
const title = document.title;
const isWide = matchMedia("(min-width: 1280px)");
const isPhone = matchMedia("(max-width: 899px)");
const OFTEN = 5_000;
const SELDOM = 45_000;
let thread = null;
let composer = null;
let leave = () => {};
let isLive = false;

const heard = (waiting, isNew = false) => {
  document.title = Number(waiting) ? `(${waiting}) ${title}` : title;
  document.dispatchEvent(new CustomEvent("festoon:waiting", { detail: Number(waiting) }));
  if (isNew) ring();
};
const list = new List({ heard });
const show = (what) => (inbox.dataset.show = what);

// A conversation is opened: its pane is fetched, its room is joined.
const begin = () => {
  leave();
  thread?.end();
  thread = composer = null;
  leave = () => {};
  const talk = pane.querySelector("[data-messages]")?.closest(".i-talk");
  inbox.dataset.current = talk?.dataset.id || "";
  list.dress();
  if (!talk) return;
  dress(pane);
  const own = (thread = new Thread(talk, { changed: renew }));
  const element = talk.querySelector("[data-composer]");
  if (element) composer = new Composer(element, own, { typing: (on) => live.emit("typing", { conversation: own.id, on }), sent: () => list.soon() });
  watchMembers();
  leave = live.join(`conversation:${own.id}`, {
    joined: (answer) => {
      watchers(answer.viewers || []);
      own.pull();
      composer?.resend();
    },
    message: () => own.pull(),
    conversation: () => own.pull(),
    read: (facts) => own.read(facts),
    typing: (facts) => typing(own, facts),
    viewers: (facts) => watchers(facts.viewers),
    page: () => (renewing ||= setTimeout(renew, 2000)),
  });
};

let opening = null;
const open = async (id, url, { keeps = false, focus = false } = {}) => {
  if (id === inbox.dataset.current && !keeps) {
    show("talk");
    return;
  }
  opening?.abort();
  const mine = (opening = new AbortController());
  inbox.dataset.current = id;
  list.dress();
  show("talk");
  const busy = setTimeout(() => pane.setAttribute("aria-busy", "true"), 150);
  try {
    const answer = await ask(`${base}/${id}?${list.address}`, "pane", null, mine.signal);
    if (!keeps) history.pushState({ id }, "", url || `${base}/${id}?${list.address}`);
    pane.replaceChildren(parse(answer.pane));
    begin();
    if (focus && composer && !isPhone.matches) composer.text.focus();
  } catch (error) {
    if (error.name === "AbortError") return;
    note(error.detail);
    if (error.status === 404) list.refresh();
  } finally {
    clearTimeout(busy);
    if (opening === mine) pane.removeAttribute("aria-busy");
  }
};

/** Draw the head and the visitor anew; messages and what is being typed stay as they are. */
let renewing = null;
const renew = async () => {
  clearTimeout(renewing);
  renewing = null;
  if (!thread) return;
  const own = thread;
  list.soon();
  try {
    const fresh = parse((await ask(`${base}/${own.id}?${list.address}`, "pane")).pane);
    if (own !== thread) return;
    const viewers = pane.querySelector("[data-watchers]");
    for (const part of [".i-head", ".i-about"]) {
      const old = pane.querySelector(part);
      if (!old.contains(document.activeElement) || !old.querySelector("input:focus")) old.replaceWith(fresh.querySelector(part));
    }
    pane.querySelector("[data-watchers]").replaceWith(viewers);
    dress(pane);
    watchMembers();
  } catch (error) {
    if (error.status === 404) list.refresh();
  }
};

// What is done to the conversation.
const act = async (element, submitter) => {
  const body = new FormData(element, submitter);
  body.set("after", thread.last);
  submitter?.closest("details[data-menu]")?.removeAttribute("open");
  try {
    const answer = await ask(element.action, "messages", body);
    thread.take(answer);
    await renew();
  } catch (error) {
    note(error.detail);
  }
};
inbox.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("[data-act]") || !thread) return;
    event.preventDefault();
    act(event.target, event.submitter);
  },
  true,
);

inbox.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("[data-open], [data-view], [data-back], [data-about], [data-about-close]");
  if (!link || link === inbox) return;
  event.preventDefault();
  if (link.dataset.open) open(link.dataset.open, link.href, { focus: true });
  else if (link.dataset.view) turnTo(link.dataset.view);
  else if (link.matches("[data-back]")) {
    show("list");
    history.pushState({}, "", `${base}/?${list.address}`);
    inbox.querySelector('.i-line[aria-current="true"]')?.focus();
  } else show(link.matches("[data-about]") && inbox.dataset.show !== "about" ? "about" : "talk");
});
const turnTo = (view) => {
  list.choose(view);
  history.replaceState(history.state, "", inbox.dataset.current ? location.href : `${base}/?${list.address}`);
};
addEventListener("popstate", () => {
  const id = location.pathname.slice(base.length + 1).split("/")[0];
  if (id) open(id, null, { keeps: true });
  else show("list");
});

// Who else looks, who types.
const watchers = (viewers) => {
  const box = pane.querySelector("[data-watchers]");
  if (!box) return;
  const others = viewers.filter((viewer) => String(viewer.id) !== inbox.dataset.me);
  box.replaceChildren(
    ...others.slice(0, 4).map((viewer) => {
      const row = document.createElement("li");
      const face = document.createElement("span");
      face.className = "i-face";
      face.dataset.hue = (viewer.id % 7) + 1;
      face.textContent = viewer.name.slice(0, 2).toLocaleUpperCase();
      row.title = viewer.name;
      const said = document.createElement("span");
      said.className = "f-sr";
      said.textContent = viewer.name;
      face.setAttribute("aria-hidden", "true");
      row.append(face, said);
      return row;
    }),
  );
};
let typingTimer;
const typing = (own, facts) => {
  if (facts.by === "staff" && String(facts.user_id) === inbox.dataset.me) return;
  const box = pane.querySelector("[data-typing]");
  const name = facts.by === "staff" ? facts.name : pane.querySelector("#talk-title").textContent;
  const atEnd = own.isAtEnd;
  box.querySelector("[data-typing-text]").textContent = fill(words.typing, { name });
  box.hidden = !facts.on;
  if (atEnd) own.toEnd();
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => (box.hidden = true), 6000);
};

// Linking to a member.
const watchMembers = () => {
  const search = pane.querySelector("[data-member-search]");
  if (!search) return;
  let timer;
  const found = pane.querySelector("[data-member-found]");
  const look = async () => {
    const q = search.querySelector("input").value.trim();
    if (q.length < 2) found.replaceChildren();
    else found.replaceChildren(parse(await ask(`${search.dataset.url}?${new URLSearchParams({ q })}`, "members")));
  };
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => look().catch(() => {}), 200);
  });
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    look().catch(() => {});
  });
};

// Live news; without them everything is asked for every few seconds.
const catchUp = () => {
  list.refresh();
  thread?.pull();
};
live.join("inbox", { joined: () => catchUp(), conversation: () => list.soon() });
live.onState((state) => {
  const was = isLive;
  isLive = state === "connected";
  clearTimeout(lost.festoonTimer);
  if (isLive) lost.hidden = true;
  else lost.festoonTimer = setTimeout(() => (lost.hidden = isLive), was ? 1500 : 4000);
});
let asked = Date.now();
setInterval(() => {
  dress(inbox);
  if (document.hidden || Date.now() - asked < (isLive ? SELDOM : OFTEN) - 500) return;
  asked = Date.now();
  catchUp();
}, OFTEN);
document.addEventListener("visibilitychange", () => !document.hidden && (catchUp(), thread?.look()));
addEventListener("focus", () => thread?.look());
addEventListener("online", () => (catchUp(), composer?.resend()));

// A short sound, off until it is wished for.
const sound = inbox.querySelector("[data-sound]");
const wished = () => sound.setAttribute("aria-pressed", String(Boolean(wish("sound"))));
let audio = null;
const ring = () => {
  if (!wish("sound")) return;
  audio ||= new AudioContext();
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.setValueAtTime(660, audio.currentTime);
  tone.frequency.setValueAtTime(880, audio.currentTime + 0.09);
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.35);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.36);
};
sound.addEventListener("click", () => {
  wish("sound", !wish("sound"));
  wished();
  ring();
});
wished();

// Keys. They rest while something is typed, and in dialogs.
const isTyping = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const step = (by) => {
  const row = list.beside(by);
  if (!row) return;
  row.querySelector("a").focus();
  row.scrollIntoView({ block: "nearest" });
  if (!isPhone.matches) open(row.dataset.id, row.querySelector("a").href);
};
const assignToMe = () => {
  const menu = pane.querySelector(".i-assign form");
  const mine = menu?.querySelector(`[value="${CSS.escape(inbox.dataset.me)}"]`);
  if (mine) act(menu, mine);
};
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => composer?.focus("reply"),
  n: () => composer?.focus("note"),
  a: assignToMe,
  e: () => pane.querySelector("[data-turn]")?.requestSubmit(),
  Escape: () => (inbox.dataset.show === "about" ? show("talk") : isPhone.matches && inbox.querySelector("[data-back]")?.click()),
};
document.addEventListener("keydown", (event) => {
  if (event.target.id === "q" && event.key === "Escape") {
    event.target.value = "";
    event.target.blur();
    list.refresh(true);
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open], details[data-menu][open]")) return;
  const walks = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!walks && event.key !== "Escape" && document.documentElement.dataset.shortcuts === "off") return;
  if (walks && event.target.closest(".i-row")) step(walks);
  else if (/^[1-4]$/.test(event.key)) turnTo(["open", "mine", "unassigned", "closed"][event.key - 1]);
  else if (KEYS[event.key]) KEYS[event.key]();
  else return;
  event.preventDefault();
});

// The composer stands above the keyboard of a phone.
visualViewport?.addEventListener("resize", () => {
  const isCovered = innerHeight - visualViewport.height > 100;
  document.documentElement.style.setProperty("--i-height", isCovered ? `${visualViewport.height}px` : "");
  if (isCovered) {
    scrollTo(0, 0);
    thread?.toEnd();
  }
});
isWide.addEventListener("change", () => inbox.dataset.show === "about" && show("talk"));

heard(inbox.dataset.waiting);
begin();
