// Inline children: order by drag or by buttons, remove with an undo, add from the template.
import { sendInto } from "./pictures.js";
import { picturesOf } from "./sending.js";

const say = (text) => (document.getElementById("announce").textContent = text);

const renumber = (list) => {
  [...list.children].forEach((row, place) => (row.querySelector("[data-position]").value = place));
};
const changed = (section) => {
  const list = section.querySelector("[data-rows]");
  renumber(list);
  section.querySelector("[data-total]").textContent = list.querySelectorAll(":scope > :not(.is-removed)").length;
  section.dispatchEvent(new Event("festoon:changed", { bubbles: true }));
};

// A select that searches is dressed: one types into the input that stands for it.
const enter = (row) => {
  const first = row.querySelector("input:not([type=hidden]):not([type=file]), textarea, select");
  (first?.tomselect?.control_input ?? first)?.focus();
};

const add = (section) => {
  const list = section.querySelector("[data-rows]");
  const used = [...list.children].map((row) => Number(/-(\d+)-position$/.exec(row.querySelector("[data-position]").name)[1]));
  const index = Math.max(-1, ...used) + 1;
  const holder = document.createElement("ol");
  holder.innerHTML = section.querySelector("template").innerHTML.replaceAll("__index__", index);
  const row = holder.firstElementChild;
  list.append(row);
  row.dispatchEvent(new Event("festoon:row", { bubbles: true }));
  changed(section);
  return row;
};

// A duplicate stands below its original, holds the same values and no key of its own.
const duplicate = (section, row) => {
  const copy = add(section);
  row.after(copy);
  const from = row.querySelector("[data-position]").name.replace(/position$/, "");
  const to = copy.querySelector("[data-position]").name.replace(/position$/, "");
  for (const input of copy.querySelectorAll("[name]")) {
    const part = input.name.slice(to.length);
    const original = row.querySelector(`[name="${CSS.escape(from + part)}"]`);
    if (!original || ["id", "DELETE", "position"].includes(part) || input.type === "file" || part === "is_primary") continue;
    if (input.type === "checkbox" || input.type === "radio") input.checked = original.checked;
    else if (input.tomselect && original.tomselect) {
      const value = original.tomselect.getValue();
      if (value) input.tomselect.addOption(original.tomselect.options[value]);
      input.tomselect.setValue(value);
    } else input.value = original.value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const shown = row.querySelector(".f-picture-shown");
  if (shown?.src && !shown.hidden) Object.assign(copy.querySelector(".f-picture-shown"), { src: shown.src, hidden: false });
  changed(section);
  enter(copy);
  return copy;
};

// A row is copied to every value of a choice that no other row has: Monday's hours to the other days.
const spread = (section, row) => {
  const choices = () => [...section.querySelectorAll(`[data-row]:not(.is-removed) select[name$="-${section.dataset.spreads}"]`)];
  const taken = new Set(choices().map((select) => select.value));
  const [own] = choices().filter((select) => row.contains(select));
  const free = [...own.options].filter((option) => option.value && !taken.has(option.value));
  let below = row;
  for (const option of free) {
    const copy = duplicate(section, row);
    below.after(copy);
    below = copy;
    const select = copy.querySelector(`select[name$="-${section.dataset.spreads}"]`);
    if (select.tomselect) select.tomselect.setValue(option.value);
    else select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  changed(section);
  row.querySelector("[data-spread]").focus();
  const places = free.map((option) => option.textContent.trim()).join(", ");
  say(free.length ? section.dataset.spreadTo.replace("{places}", places) : section.dataset.spreadFull);
};

// A folded row tells its first words.
const fold = (row, isFolded) => {
  const brief = row.querySelector("[data-brief]");
  if (!brief) return;
  const texts = [...row.querySelectorAll("input:not([type=hidden], [type=file], [type=checkbox]), textarea, .ts-control .item")];
  const words = texts.map((one) => (one.matches(".item") ? one.textContent : one.value).trim()).find((text) => text) || "…";
  brief.firstElementChild.textContent = words.slice(0, 80);
  row.classList.toggle("is-folded", isFolded);
  brief.hidden = !isFolded;
};

const setRemoved = (row, isRemoved) => {
  row.classList.toggle("is-removed", isRemoved);
  row.querySelector("[data-delete]").value = isRemoved ? "on" : "";
  row.querySelector("[data-removed]").hidden = !isRemoved;
  changed(row.closest("[data-children]"));
  row.querySelector(isRemoved ? "[data-undo]" : "[data-remove]").focus();
};

const move = (row, step, button) => {
  const list = row.parentElement;
  const section = row.closest("[data-children]");
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  list.insertBefore(row, step < 0 ? other : other.nextElementSibling);
  changed(section);
  button.focus();
  // The first row has no way up and the last none down: what is left is the way back.
  if (document.activeElement !== button) row.querySelector(`[data-move="${-step}"]`)?.focus();
  const place = [...list.children].indexOf(row) + 1;
  say(section.dataset.moved.replace("{place}", place).replace("{all}", list.children.length));
};

// The line names the file; each part of it is read in its own direction.
const tellRefused = (section, file, reason) => {
  const line = document.createElement("p");
  const name = document.createElement("bdi");
  const [before, after] = section.dataset.refused.replace("{reason}", reason).split("{file}");
  line.className = "f-error";
  name.textContent = file.name;
  line.append(before, name, after);
  section.querySelector("[data-refusals]").append(line);
};

// A file that is no picture leaves no row behind: the row would ask for a picture that nobody meant to choose.
const addPictures = (section, files) => {
  section.querySelector("[data-refusals]").replaceChildren();
  for (const file of files) {
    const row = add(section);
    sendInto(row.querySelector("[data-picture]"), file, ({ text, stopped }) => {
      const hadFocus = row.contains(document.activeElement);
      row.remove();
      if (!stopped) tellRefused(section, file, text);
      if (hadFocus) section.querySelector("[data-add]").focus();
      changed(section);
    });
  }
};

for (const section of document.querySelectorAll("[data-children]")) {
  const list = section.querySelector("[data-rows]");
  renumber(list);
  if (list.querySelector("[data-handle]") || section.querySelector("template")) {
    new window.Sortable(list, { handle: "[data-handle]", animation: 120, ghostClass: "is-ghost", onEnd: () => changed(section) });
  }
  section.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    const step = event.target.closest("[data-move]");
    if (step) move(row, Number(step.dataset.move), step);
    else if (event.target.closest("[data-remove]")) setRemoved(row, true);
    else if (event.target.closest("[data-duplicate]")) duplicate(section, row);
    else if (event.target.closest("[data-spread]")) spread(section, row);
    else if (event.target.closest("[data-unfold]")) {
      fold(row, false);
      enter(row);
    } else if (event.target.closest("[data-fold-rows]")) {
      const button = event.target.closest("[data-fold-rows]");
      const isFolded = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(isFolded));
      for (const one of list.children) fold(one, isFolded);
    } else if (event.target.closest("[data-undo]")) setRemoved(row, false);
    else if (event.target.closest("[data-add]")) enter(add(section));
  });
  // Alt with an arrow moves the row that one is in.
  section.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key) || !row.querySelector("[data-move]")) return;
    event.preventDefault();
    move(row, event.key === "ArrowUp" ? -1 : 1, event.target);
  });
  // Enter in a row asks for the next row, not for the whole form to be sent.
  section.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-row] input:not([type=checkbox])") || event.target.closest(".ts-wrapper")) return;
    event.preventDefault();
    section.querySelector("[data-add]")?.click();
  });
  // One picture is the first among them: choosing it takes the mark from the others.
  section.addEventListener("change", (event) => {
    if (!/-is_primary$/.test(event.target.name) || !event.target.checked) return;
    for (const other of section.querySelectorAll('input[name$="-is_primary"]')) if (other !== event.target) other.checked = false;
  });
  const drop = section.querySelector("[data-drop]");
  if (!drop) continue;
  drop.querySelector("input").addEventListener("change", (event) => {
    addPictures(section, event.target.files);
    event.target.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    addPictures(section, picturesOf(event.dataTransfer));
  });
}
