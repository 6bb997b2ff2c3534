// Nothing typed is lost: the form is kept on the server while it is typed, and before it is sent.
import { typed } from "./early.js";
import { change, held } from "./stash.js";

const form = document.querySelector("[data-form]");
const box = form.querySelector("[data-keeps]");
const key = form.querySelector("input[name=kept]")?.value;
const STASH = "unkept";
const UNREACHABLE = [502, 503, 504];
const most = Number(box.dataset.most);
const PAGE_ONLY = new Set(["csrf_token", "kept", "base", "seen", "clash", "then"]);

const typedNow = () =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/password|secret|token$/i.test(name) && !/^choose\[/.test(name));
const shape = () => JSON.stringify(typedNow().filter(([name]) => !PAGE_ONLY.has(name)));
const body = (extra = {}) => {
  const data = new FormData();
  for (const [name, value] of typedNow()) data.append(name, value);
  data.set("csrf_token", form.querySelector("input[name=csrf_token]").value);
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  return data;
};

let clean = null; // what the page came with; null until the scripts of the page have done with it
let kept = null; // what the server has
let isLeaving = false;
let running = null; // the keeping that is under way
let waiting = 0;
let since = 0;

const note = document.createElement("p");
note.className = "kf-note";
note.hidden = true;
(form.querySelector("[data-dirty-text]") || form.querySelector("[data-save]"))?.after(note);

// A warning that stays: there is no connection, or no session any more.
const warn = (text, link) => {
  const notes = document.getElementById("notes");
  let line = document.getElementById("unkept");
  if (!text) return line?.remove();
  if (!line) {
    line = document.createElement("div");
    line.id = "unkept";
    line.className = "f-note";
    line.dataset.tone = "warning";
    line.setAttribute("role", "alert");
    notes.append(line);
  }
  const words = document.createElement("p");
  words.textContent = text;
  line.replaceChildren(words);
  if (link) line.append(link);
};
// A text that is larger than the server takes is told of at once: it can neither be kept nor saved.
const large = document.createElement("p");
large.className = "kf-large f-error";
large.setAttribute("role", "alert");
large.hidden = true;
form.querySelector("[data-dirty-text]")?.before(large);
const tooLarge = () => {
  const sizeOf = (value) => new Blob([value.replace(/\r?\n/g, "\r\n")]).size; // as it is sent
  return typedNow().find(([, value]) => value.length > most / 4 && sizeOf(value) > most)?.[0] ?? "";
};
const tellLarge = (isLarge) => {
  if (large.hidden === !isLarge) return;
  large.hidden = !isLarge;
  large.textContent = isLarge ? box.dataset.large : "";
  if (isLarge) note.hidden = true;
};
const leadToLarge = () => {
  const input = form.elements[tooLarge()];
  const area = input?.closest?.("[data-rich]")?.querySelector("[contenteditable]") || input;
  area?.focus?.();
  area?.scrollIntoView?.({ block: "center" });
};
const signIn = () => {
  const link = document.createElement("a");
  link.className = "btn f-btn";
  link.textContent = box.dataset.signIn;
  link.href = `/login/?next=${encodeURIComponent(`${box.dataset.back}?kept=${key}`)}`;
  link.addEventListener("click", () => (isLeaving = true));
  return link;
};

// What the server could not take waits in this tab, until the form is opened again after the sign-in.
const stash = () => change(STASH, (all) => (all[key] = { url: box.dataset.keeps, pairs: typedNow() }));
const unstash = (of = key) => change(STASH, (all) => delete all[of]);

const away = (words) => {
  stash();
  warn(words || box.dataset.away);
  return "away";
};
const send = async () => {
  clearTimeout(waiting);
  waiting = since = 0;
  const now = shape();
  tellLarge(tooLarge() !== "");
  if (!large.hidden) return "too large";
  let answer = null;
  try {
    const isClean = now === clean && !("typed" in box.dataset);
    const headers = { Accept: "application/json" };
    answer = await fetch(box.dataset.keeps, { method: "POST", body: body(isClean ? { clean: "1" } : {}), headers, signal: AbortSignal.timeout(8000) });
  } catch {
    return away();
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said) {
    const { time } = said; // worded by the server: in the time zone of the account, not of this machine
    kept = now;
    unstash();
    warn("");
    note.hidden = !time;
    if (time) note.textContent = box.dataset.keptAt.replace("{time}", () => time);
    form.toggleAttribute("data-kept", shape() === kept);
    return "kept";
  }
  if (answer.status === 401 || said?.code === "forged") {
    stash();
    form.setAttribute("data-kept", "");
    warn(box.dataset.signedOut, signIn());
    return "signed out";
  }
  if (answer.status === 413) {
    tellLarge(true);
    return "too large";
  }
  if (answer.status === 403) return away(said?.detail);
  return answer.ok || UNREACHABLE.includes(answer.status) ? away() : "refused"; // what is well and none of ours is another's
};

/** Keep the form, after the keeping under way; resolves with "kept", "signed out", "away", "too large" or "refused". */
const keep = async () => {
  while (running) await running;
  running = send();
  const outcome = await running;
  running = null;
  return outcome;
};

const keepSoon = () => {
  if (clean === null || isLeaving) return;
  form.toggleAttribute("data-kept", shape() === kept);
  since ||= Date.now();
  clearTimeout(waiting);
  const keepNow = () => (running ? keepSoon() : (shape() !== kept || !large.hidden) && keep());
  waiting = setTimeout(keepNow, Date.now() - since > 5000 ? 0 : 900);
};
for (const name of ["input", "change", "festoon:changed"]) form.addEventListener(name, keepSoon);

// On leaving: what was typed in the last moment still goes out, without holding the reader up.
const leave = () => {
  if (isLeaving || (clean === null && !typed()) || shape() === kept || (shape() === clean && kept === clean)) return;
  if (!navigator.sendBeacon(box.dataset.keeps, body())) stash();
  kept = shape();
};
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
addEventListener("online", () => document.getElementById("unkept") && keep());

// Saving: the server is asked before, though it has all of it: neither a lost session nor a lost connection costs a word.
let isReady = false;
form.addEventListener(
  "submit",
  async (event) => {
    if (isReady || event.defaultPrevented) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    button?.setAttribute("aria-busy", "true");
    const outcome = await keep();
    button?.removeAttribute("aria-busy");
    if (outcome === "too large") leadToLarge();
    if (["away", "signed out", "too large"].includes(outcome)) return;
    await new Promise((resolve) => setTimeout(resolve)); // a form takes no second wish while it deals with the first
    isReady = isLeaving = true;
    if (button) button.disabled = false;
    form.requestSubmit(button && button.form === form ? button : undefined);
  },
  { capture: true },
);
addEventListener("pageshow", (event) => {
  if (event.persisted) isReady = isLeaving = false;
});

// What this tab could not bring to the server before the sign-in.
const restore = async () => {
  const [of, stored] = Object.entries(held(STASH)).find(([, one]) => one.url === box.dataset.keeps) ?? [];
  if (!stored) return false;
  const data = new FormData();
  for (const [name, value] of stored.pairs) if (name !== "csrf_token") data.append(name, value);
  data.set("csrf_token", form.querySelector("input[name=csrf_token]").value);
  const answer = await fetch(stored.url, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return false;
  unstash(of);
  isLeaving = true;
  location.replace(`${box.dataset.back}?kept=${of}`);
  return true;
};

// Two tabs of one person: each says what it holds, so that nobody continues twice what is being typed.
const others = "BroadcastChannel" in window ? new BroadcastChannel("festoon:forms") : null;
others?.addEventListener("message", ({ data }) => {
  if (data.asks === box.dataset.keeps) others.postMessage({ holds: key });
  const offer = data.holds && document.querySelector(`[data-offer="${CSS.escape(data.holds)}"]`);
  if (offer) offer.querySelector("[data-elsewhere]").hidden = false;
});

requestAnimationFrame(() =>
  requestAnimationFrame(async () => {
    if (await restore()) return;
    clean = kept = typed() ? "" : shape();
    if (typed()) keepSoon();
    if ("typed" in box.dataset) form.setAttribute("data-kept", "");
    others?.postMessage({ asks: box.dataset.keeps });
  }),
);

// Overlaps: a choice shows in the form at once; what is edited by hand counts as yours.
const put = (input, value) => {
  if (!input) return;
  if (input.tomselect) input.tomselect.setValue(value);
  else if (input.type === "checkbox") input.checked = value === "true";
  else input.value = value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};
form.querySelector("[data-merge]")?.addEventListener("change", (event) => {
  if (event.target.type !== "radio") return;
  const input = document.getElementById(event.target.closest("[data-clash]").dataset.clash);
  if (input?.matches("input, textarea, select")) put(input, event.target.dataset.value);
});
form.addEventListener("input", (event) => {
  if (!event.isTrusted || !event.target.id) return;
  const card = form.querySelector(`[data-clash="${CSS.escape(event.target.id)}"]`);
  if (card) card.querySelector("input[value=yours]").checked = true;
});
form.addEventListener("click", (event) => {
  const link = event.target.closest("[data-edit-clash]");
  if (!link) return;
  event.preventDefault();
  const card = link.closest("[data-clash]");
  const input = document.getElementById(card.dataset.clash);
  const yours = card.querySelector("input[value=yours]");
  if (!yours.checked) yours.click();
  const locale = input?.closest("[data-locale]")?.dataset.locale;
  if (locale) form.querySelector(`[data-language="${locale}"]`)?.click();
  (input?.tomselect || input)?.focus?.();
  input?.scrollIntoView({ block: "center" });
});
