// The inputs of the workbench: what is typed, how long it is, what the checks say of it while it is typed.
import { writeOver } from "./workbench-over.js";

const CHECK_AFTER = 350;
const grows = CSS.supports("field-sizing", "content");
let timer = 0;
let turn = 0;
let last = null; // the input that was typed in last: words of the glossary go there

export const desk = () => document.getElementById("desk");
export const form = () => desk()?.querySelector("[data-desk]");
export const inputs = () => [...(form()?.querySelectorAll("textarea[name^='text-']") || [])];
const storedOf = (input) => form().querySelector(`[data-stored="${CSS.escape(input.id)}"]`)?.value ?? "";

/** What somebody types in: the area of the editor where the text is rich, else the input. */
export const areaOf = (input) => input.closest("[data-rich]")?.querySelector(".f-rich-area") || input;
export const isTouched = () => inputs().some((input) => input.value !== storedOf(input));
/** The texts as they are now, by which one sees whether something was typed since; and back again. */
export const shape = () => JSON.stringify(inputs().map((input) => [input.name, input.value]));
export const valuesOf = (shaped) => Object.fromEntries(JSON.parse(shaped || "[]"));
export const isEmpty = () => inputs().every((input) => !input.value);

export const focusOn = (input) => {
  const area = areaOf(input);
  area.focus({ preventScroll: true });
  if (area === input) input.setSelectionRange(input.value.length, input.value.length);
};

/** Go to where one goes on: the first text that was refused, else the first that is not done, else the first. */
export const focusFirst = () => {
  const all = inputs();
  const next = all.find((input) => input.matches("[aria-invalid=true]")) || all.find((input) => !input.value) || all[0];
  if (next) focusOn(next);
  else desk()?.querySelector("a.btn, button")?.focus({ preventScroll: true });
};

const insert = (text) => {
  const input = last?.isConnected ? last : inputs()[0];
  if (!input) return;
  const area = areaOf(input);
  area.focus({ preventScroll: true });
  if (area === input) {
    input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  } else document.execCommand("insertText", false, text);
};

const measure = (input) => {
  const line = form()?.querySelector(`[data-length="${CSS.escape(input.id)}"]`);
  if (line) {
    const length = [...input.value].length;
    line.querySelector("b").textContent = length;
    line.classList.toggle("is-over", length > Number(input.dataset.limit));
  }
  if (!grows && !input.hidden) {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  }
};

const sentenceOf = (finding) => finding.querySelector("span").textContent;
// What is found twice in a text is said once; each question has to be answered, though.
const once = (list) => {
  const seen = new Set();
  for (const one of [...list.children]) {
    const said = JSON.stringify([sentenceOf(one), one.querySelector("[name^='meant-']")?.value]);
    if (seen.has(said)) one.remove();
    seen.add(said);
  }
};
// What was refused as it was sent is over with the next look at it: from then on the findings tell.
const tellFindings = (list, told) => {
  const fresh = document.createElement("ul");
  fresh.innerHTML = told;
  once(fresh);
  if (list.innerHTML.trim() !== fresh.innerHTML.trim()) list.replaceChildren(...fresh.childNodes);
  const target = list.closest(".w-target");
  if (list.querySelector("[data-blocks], [name^='meant-']:not(:checked)")) for (const error of target.querySelectorAll(".f-error")) error.remove();
  else pass(target);
};
/** What was refused is no longer what stands there. */
export const pass = (target) => {
  for (const error of target.querySelectorAll(".f-error")) error.remove();
  for (const one of target.querySelectorAll(".is-invalid")) one.classList.remove("is-invalid");
  for (const one of target.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
};
/** Say once why a save was refused: among the findings where it is one of them, which may offer to put it right. */
export const dressRefusal = () => {
  for (const list of desk()?.querySelectorAll("[data-findings]") || []) {
    once(list);
    const [target, found] = [list.closest(".w-target"), [...list.children].map(sentenceOf)];
    for (const error of target.querySelectorAll(".f-error")) if (found.includes(error.textContent.trim())) error.remove();
    const input = target.querySelector(".is-invalid");
    if (!input) continue;
    const about = new Set([...(input.getAttribute("aria-describedby") || "").split(" "), list.id, `${input.id}-error`]);
    if (!target.querySelector(".f-error")) about.delete(`${input.id}-error`);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", [...about].filter(Boolean).join(" "));
  }
};
/** Keys that only a script answers are told by it. */
export const dressKeys = () => {
  const acts = form()?.querySelector(".w-offer-acts:has([value^='accept:'])");
  acts?.querySelector("[value^='accept:']").setAttribute("aria-keyshortcuts", "Alt+A");
  acts?.querySelector("[value^='decline:']")?.setAttribute("aria-keyshortcuts", "Alt+D");
};

const check = async () => {
  const mine = ++turn;
  const on = desk();
  const answer = await fetch(form().dataset.check, { method: "POST", body: new FormData(form()), headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== turn || on !== desk()) return;
  const { html } = await answer.json();
  if (mine !== turn || on !== desk()) return;
  for (const [field, told] of Object.entries(html)) {
    const list = form().querySelector(`[data-findings="${CSS.escape(field)}"]`);
    if (list) tellFindings(list, told);
  }
};

/** Say on the button what it will do now. */
export const wordButton = () => {
  const button = form()?.querySelector("[data-saves]");
  if (button) button.querySelector("[data-saves-words]").textContent = isTouched() ? button.dataset.written : button.dataset.same;
};

/** Make a text ready that was just put on the page. */
export const dress = () => {
  clearTimeout(timer);
  turn += 1;
  last = null;
  for (const input of inputs()) measure(input);
  dressKeys();
  wordButton();
};

document.addEventListener("input", (event) => {
  const input = event.target.closest?.("textarea[name^='text-']");
  if (!input || input.form !== form()) return;
  measure(input);
  wordButton();
  clearTimeout(timer);
  timer = setTimeout(check, CHECK_AFTER);
});
document.addEventListener("change", (event) => event.target.name?.startsWith("meant-") && check());
document.addEventListener("focusin", (event) => {
  const input = event.target.closest?.("textarea[name^='text-']") || event.target.closest?.("[data-rich]")?.querySelector("textarea");
  if (input && input.form === form()) last = input;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("[data-single]") && !event.ctrlKey && !event.metaKey && !event.isComposing) event.preventDefault();
});

export const copySource = (input = last?.isConnected ? last : inputs()[0]) => {
  const source = input && form().querySelector(`[data-source="${CSS.escape(input.id)}"]`);
  if (source) writeOver(input, source.value);
};
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copies], [data-take], [data-fix], [data-inserts]");
  if (!button || !desk()?.contains(button)) return;
  const { copies, take, fix, into, inserts } = button.dataset;
  if (copies) copySource(document.getElementById(copies));
  else if (inserts !== undefined) insert(inserts);
  else writeOver((button.matches(".w-take") && last?.isConnected && last) || document.getElementById(into), take ?? fix);
});
