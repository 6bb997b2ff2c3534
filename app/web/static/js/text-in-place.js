// One text in a drawer: looked over while it is typed, seen in its place at once, saved without leaving the page.
import { ask, sentences } from "./asking.js";
import { sanitise } from "./rich-paste.js";
import { change, held } from "./stash.js";
import { fill, writeOver } from "./workbench-over.js";

const form = document.querySelector("[data-text-form]");
const area = form.elements.text;
const { dir } = form.dataset;
const isHtml = "html" in form.dataset;
const findings = form.querySelector("[data-findings]");
const places = form.querySelector("[data-fits]");
const refused = form.querySelector("[data-refused]");
const note = form.querySelector("[data-saved-note]");
const chip = document.querySelector("[data-state-chip]");
const tell = (message) => parent !== window && parent.postMessage(message, location.origin);
const meant = new Set();
let began = area.value;
let asked = 0;
let then = "stay";

// Rich text goes into the page around this one as it may be shown there, and no other way.
const plain = () => {
  if (!isHtml) return area.value;
  const box = document.createElement("div");
  box.append(sanitise(area.value));
  return box.innerHTML;
};
const show = () => tell({ festoon: "text-typed", text: plain(), isHtml, dir });

const line = ({ sentence, is_error: isError, asks, key, fix }) => {
  const item = document.createElement("li");
  item.dataset.severity = isError ? "error" : "warning";
  item.append(sentence);
  const add = (words, does) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "f-quiet", textContent: words });
    button.addEventListener("click", does);
    item.append(button);
  };
  if (fix !== null && fix !== undefined) add(form.dataset.fixes, () => {
    writeOver(area, fix);
  });
  if (asks && !isError) add(form.dataset.meant, () => {
    meant.add(key);
    item.remove();
  });
  return item;
};
const look = async () => {
  const mine = ++asked;
  const answer = await ask(form.dataset.look, { body: { text: area.value }, csrf: form.elements.csrf_token.value });
  if (mine !== asked || !answer.ok) return;
  findings.replaceChildren(...answer.facts.findings.filter(({ key }) => !meant.has(key)).map(line));
};

// What is typed and not saved waits in this tab, with the state of the text that it was typed over.
const STASH = "texts-in-place";
const STATE = ["revision", "source"];
let isTold = false; // that somebody else saved meanwhile
const hold = () =>
  change(STASH, (all) => {
    delete all[form.action];
    if (area.value !== began) all[form.action] = { text: area.value, isTold, state: STATE.map((name) => form.elements[name].value) };
  });
const restore = () => {
  const left = held(STASH)[form.action];
  if (!left || left.text === area.value) return hold();
  // Somebody else may have saved meanwhile: the next save says so, once.
  if (!left.isTold) STATE.forEach((name, at) => (form.elements[name].value = left.state[at]));
  fill(area, left.text);
};

let waiting = 0;
area.addEventListener("input", () => {
  hold();
  note.hidden = refused.hidden = true;
  show();
  clearTimeout(waiting);
  waiting = setTimeout(look, 250);
});
addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== parent || event.data?.festoon !== "text-fits") return;
  const worded = event.data.told.map(({ kind, where, lines, most }) => {
    const sentence = form.dataset[kind].replace("{lines}", lines).replace("{most}", most);
    return where === "phone" ? `${form.dataset.onPhone} ${sentence}` : sentence;
  });
  const now = [...new Set(worded)];
  if (now.join() === [...places.children].map((one) => one.textContent).join()) return;
  places.replaceChildren(...now.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
});

const save = async (isRight) => {
  const sent = area.value;
  const body = new URLSearchParams(new FormData(form));
  for (const key of meant) body.append("meant", key);
  if (isRight) body.set("right", "y");
  const buttons = form.querySelectorAll(".f-savebar .btn, [data-right-now]");
  for (const button of buttons) button.disabled = true;
  const answer = await ask(form.action, { body, csrf: form.elements.csrf_token.value });
  for (const button of buttons) button.disabled = false;
  if (!answer.ok) {
    refused.textContent = sentences(answer.facts).join(" ") || form.dataset.failed;
    refused.hidden = false;
    isTold ||= answer.status === 409;
    hold();
    area.focus();
    return;
  }
  const facts = answer.facts;
  began = sent;
  form.elements.revision.value = facts.revision;
  isTold = false;
  hold();
  chip.dataset.state = facts.state;
  chip.textContent = facts.state_text;
  form.querySelector("[data-outcome]").textContent = facts.outcome;
  if (facts.state !== "stale") form.querySelector("[data-outdated]")?.remove();
  note.textContent = facts.told;
  note.hidden = false;
  tell({ festoon: "text-saved", text: facts.text, isHtml: facts.is_html, state: facts.state, stateText: facts.state_text, locale: facts.locale, dir: facts.dir });
  if (area.value !== began) show();
  else if (then === "next") tell({ festoon: "text-next", step: 1 });
};
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  then = button?.dataset.then || "stay";
  save(Boolean(button && "rightNow" in button.dataset));
});
for (const button of form.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => {
    if (area.value !== began) return area.focus();
    tell({ festoon: "text-next", step: Number(button.dataset.step) });
  });
}
document.addEventListener("keydown", (event) => {
  const isSave = (event.ctrlKey || event.metaKey) && (event.key === "Enter" || event.key.toLowerCase() === "s");
  if (!isSave) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(`[data-then=${event.key === "Enter" ? "next" : "stay"}]`));
});
if ("oneLine" in area.dataset) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) event.preventDefault();
  });
}
restore();
form.toggleAttribute("data-ready", true);
requestAnimationFrame(() => (area.closest("[data-rich]")?.querySelector("[contenteditable]") || area).focus());
if (area.value) show();
