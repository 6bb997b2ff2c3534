// Translations beside their source: one that is out of date is called right again, an edit says it changes no meaning.
import { ask, sentences } from "./asking.js";

const form = document.querySelector("[data-form]");
const csrf = form.querySelector("input[name=csrf_token]")?.value || "";

const say = (text) => {
  const announce = document.getElementById("announce");
  if (announce) announce.textContent = text;
};

const callRight = async (button) => {
  const { right, row, locale, of: field, source } = button.dataset;
  const block = button.closest("[data-outdated]");
  button.disabled = true;
  const answer = await ask(right, { body: { row, locale, field, source }, csrf });
  button.disabled = false;
  if (!answer.ok) {
    const told = block.querySelector("[data-refused]");
    told.textContent = sentences(answer.facts)[0] || told.dataset.refused;
    told.hidden = false;
    return;
  }
  const { state, text } = answer.facts;
  const chip = block.closest(".f-translation").querySelector(".f-state-text");
  if (chip) {
    chip.dataset.state = state;
    chip.textContent = text;
  }
  say(text);
  block.closest(".f-translation").querySelector("textarea, input, [contenteditable]")?.focus();
  block.remove();
};
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-right], [data-decides]");
  if (button?.matches("[data-right]")) callRight(button);
  else if (button) decide(button);
});

// A suggestion is accepted or declined where its text stands; what is typed there meanwhile stays.
const decide = async (button) => {
  const { decides, at, text, into } = button.dataset;
  const block = button.closest("[data-suggested]");
  const field = new URLSearchParams(at.split("?")[1]).get("at").split(".").pop();
  button.disabled = true;
  const answer = await ask(at, { body: { do: decides + field }, csrf });
  button.disabled = false;
  if (!answer.ok) {
    const told = block.querySelector("[data-refused]");
    told.textContent = sentences(answer.facts)[0] || answer.facts.data?.error || told.dataset.refused;
    told.hidden = false;
    return;
  }
  const input = into && document.getElementById(into);
  if (input && input.value === input.defaultValue) {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  say(answer.facts.told);
  const chip = input && block.closest(".f-translation").querySelector(".f-state-text");
  if (chip) {
    chip.dataset.state = "approved";
    chip.textContent = answer.facts.told;
  }
  block.closest(".f-translation").querySelector("textarea:not([hidden]), input, [contenteditable]")?.focus();
  block.remove();
};

// Whoever changes a text that has translations may say that it still means the same.
const sourceOf = (label) => {
  const name = label.querySelector("input").name.replace(/same-([^-]+)$/, "$1");
  return form.elements[name];
};
const watch = (label) => {
  const began = sourceOf(label)?.value;
  const look = () => {
    const isChanged = sourceOf(label)?.value.trim() !== began?.trim();
    label.hidden = !isChanged;
    if (!isChanged) label.querySelector("input").checked = false;
  };
  for (const name of ["input", "change", "festoon:changed"]) form.addEventListener(name, look);
};
for (const label of form.querySelectorAll("[data-same]")) watch(label);
