// What is typed on the workbench is kept on the server while it is typed; what that cannot take waits in this tab.
import { change, held } from "./stash.js";
import { fill } from "./workbench-over.js";
import { desk, form, inputs, isTouched, shape } from "./workbench-text.js";

const STASH = "untold-texts";
const words = () => document.querySelector(".w-queue").dataset;
const AFTER = 900;
const PATIENCE = 15000;
let timer = 0;
let running = Promise.resolve();
let known = ""; // what the server has of this text, or what it came with

const body = () => {
  const data = new FormData(form());
  if (!isTouched()) data.set("clean", "1");
  return data;
};

const stash = (how) => change(STASH, how);

/** A warning that stays until it is over. */
export const warn = (text, isSignedOut = false) => {
  document.getElementById("w-warning")?.remove();
  if (!text) return;
  const line = window.Festoon.note(text, { tone: "warning" });
  line.id = "w-warning";
  line.setAttribute("role", "alert");
  if (!isSignedOut) return;
  const link = document.createElement("a");
  link.className = "f-note-undo";
  link.textContent = words().wordsSignIn;
  link.href = `/login/?next=${encodeURIComponent(desk().dataset.url)}`;
  line.querySelector("p").after(link);
};

/** Tell whether an answer is none of ours because nobody is signed in any more; what was typed stays in this tab. */
export const isSignedOut = (answer) => {
  const isOut = answer?.status === 401 || (answer?.redirected && new URL(answer.url).pathname.startsWith("/login"));
  if (isOut) {
    holdHere();
    warn(words().wordsSignedOut, true);
  }
  return isOut;
};
export const holdHere = () => {
  const at = desk().dataset.at;
  if (at && isTouched()) stash((all) => (all[at] = JSON.parse(shape())));
};

/** Keep what is typed now; resolves when the server has it, or this tab does. With `again` it is told when that was. */
export const keep = (how) => (running = running.then(() => write(how)));

/** Resolves when nothing is on its way to be kept: what is saved after that is the last word. */
export const quiet = async () => {
  clearTimeout(timer);
  await running;
  clearTimeout(timer);
};

const write = async ({ again = false } = {}) => {
  clearTimeout(timer);
  const now = shape();
  if (!form() || (now === known && !again)) return null;
  const at = desk().dataset.at;
  const isUnsaved = isTouched();
  const answer = await fetch(form().dataset.keep, { method: "POST", body: body(), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (isSignedOut(answer)) return null;
  if (!answer?.ok) {
    if (desk()?.dataset.at === at) holdHere();
    else if (isUnsaved) stash((all) => (all[at] = JSON.parse(now)));
    if (!answer) warn(words().wordsAway);
    return null;
  }
  stash((all) => delete all[at]);
  warn("");
  if (desk().dataset.at === at) known = now;
  return answer.json().catch(() => null);
};

/** Begin with a text that was just put on the page: what this tab held of it goes into its inputs. */
export const begin = () => {
  clearTimeout(timer);
  known = shape();
  const at = desk()?.dataset.at;
  const left = at && held(STASH)[at];
  if (!left) return;
  for (const [name, value] of left) {
    const input = inputs().find((one) => one.name === name);
    if (input) fill(input, value);
  }
  keep();
};

/** What was sent is saved: nothing of it has to be kept. What was typed since has. */
export const done = (sent = shape()) => {
  known = sent;
  if (shape() === sent) clearTimeout(timer);
  const at = desk().dataset.at;
  stash((all) => delete all[at]);
};

document.addEventListener("input", (event) => {
  if (!event.target.name?.startsWith("text-") || event.target.form !== form()) return;
  clearTimeout(timer);
  timer = setTimeout(() => keep(), AFTER);
});
const leave = () => {
  if (!form() || shape() === known) return;
  if (!navigator.sendBeacon(form().dataset.keep, body())) holdHere();
  known = shape();
};
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
addEventListener("online", () => document.getElementById("w-warning") && keep());
