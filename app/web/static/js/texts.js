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
  const button = event.target.closest("[data-right]");
  if (button) callRight(button);
});

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
