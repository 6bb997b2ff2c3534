// A list: selection and its bar, rows by keyboard. Searching, filtering and turning pages is done by going.js.
import "./going.js";
import { standInForm } from "./neighbours.js";

const bulk = document.querySelector("[data-bulk]");
const ITEM = "#rows :is(tbody tr, li[data-id])"; // a row of the table, or a card
const DOOR = ".f-first a, .f-pictured-door, a.f-card-door"; // leads to the record
const rows = () => [...document.querySelectorAll(ITEM)];
const boxes = () => [...document.querySelectorAll('#rows input[name="ids"]')];
let last = null;

const mark = () => {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  for (const box of all) box.closest(ITEM)?.classList.toggle("is-chosen", box.checked);
  const head = document.querySelector("[data-check-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  if (!bulk) return;
  bulk.hidden = !chosen.length;
  const count = bulk.querySelector("[data-count]");
  count.textContent = chosen.length === 1 ? count.dataset.one : count.dataset.many.replace("{n}", chosen.length);
};

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
    mark();
  } else if (event.target.matches('#rows input[name="ids"]')) mark();
});
document.addEventListener("click", (event) => {
  const box = event.target.closest('#rows input[name="ids"]');
  if (box) {
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
      mark();
    }
    last = box;
    return;
  }
  if (event.target.closest("[data-unselect]")) {
    for (const other of boxes()) other.checked = false;
    mark();
  }
  const row = event.target.closest(ITEM);
  if (!row || event.target.closest("a, button, input, label") || getSelection().toString()) return;
  if (event.target.closest(".f-check")) row.querySelector('input[name="ids"]')?.click();
  else if (event.ctrlKey || event.metaKey) open(row.querySelector(".f-first a")?.href, "_blank", "noopener");
  else row.querySelector(".f-first a")?.click();
});

// A dialog says to how many records its verb is done, and names the first of them.
const NAMED = 5;
const made = (tag, ...parts) => {
  const element = document.createElement(tag);
  element.append(...parts);
  return element;
};
const nameChosen = (place, { sentence }) => {
  const words = bulk.querySelector("[data-count]").dataset;
  const names = boxes().filter((box) => box.checked).map((box) => box.closest(ITEM).querySelector(".f-first, .f-pictured-door").textContent.trim());
  const list = made("ul", ...names.slice(0, NAMED).map((name) => made("li", made("bdi", name))));
  if (names.length > NAMED) list.append(made("li", words.more.replace("{n}", names.length - NAMED)));
  place.replaceChildren(made("p", names.length === 1 ? words.doneOne : words.doneMany.replace("{n}", names.length)), list);
  if (sentence) place.append(made("p", sentence));
};

// What is posted leads back to this very list. A dialog that asks for a reason posts the selected records too.
bulk?.addEventListener("formdata", (event) => event.formData.set("back", location.pathname + location.search));
for (const button of bulk?.querySelectorAll("[data-asks]") ?? []) {
  const held = document.createElement("template");
  held.innerHTML = document.getElementById(`asks-${button.dataset.asks}`).innerHTML.replace(/"asks(?=[-"])/g, `"${button.dataset.opens}`);
  const dialog = held.content.querySelector("dialog");
  const yes = dialog.querySelector("button:not([type])");
  dialog.querySelector("h2").textContent = yes.textContent = button.textContent.trim();
  dialog.querySelector("[name=action]").value = button.dataset.opens.replace("bulk-", "");
  if (button.matches(".f-btn-danger, .is-danger")) yes.className = "btn f-btn-danger-fill";
  const asked = Object.assign(document.createElement("div"), { id: `${dialog.id}-asked`, className: "f-asked" });
  dialog.querySelector("h2").after(asked);
  dialog.setAttribute("aria-describedby", asked.id);
  button.addEventListener("click", () => nameChosen(asked, button.dataset));
  document.body.append(dialog);
}
for (const joined of document.querySelectorAll('form[data-joins="bulk"]')) {
  joined.addEventListener("formdata", (event) => {
    event.formData.set("back", location.pathname + location.search);
    for (const box of boxes()) if (box.checked) event.formData.append("ids", box.value);
  });
}

// A long text is cut where its column ends; the rest is shown to who points at it.
document.addEventListener("pointerover", (event) => {
  const cell = event.target.closest?.("#rows td.is-long");
  if (cell && !cell.title) cell.title = cell.textContent.trim();
});

// Keys: j and k walk the rows from link to link, so that Enter opens one; x selects, e edits.
const current = () => rows().find((row) => row.contains(document.activeElement));
const walk = (step) => {
  const all = rows();
  const at = all.indexOf(current());
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  (next?.querySelector(DOOR) ?? next?.querySelector("a, input"))?.focus();
};
document.addEventListener("keydown", (event) => {
  // Enter in a box would press the first button of the bar, and do to the records what nobody asked for.
  if (event.key === "Enter" && event.target.matches('#rows input[name="ids"]')) event.preventDefault();
  if (event.target.id === "q" && event.key === "Escape" && !event.target.value) event.target.blur();
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || typing || document.querySelector("dialog[open]")) return;
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "x") current()?.querySelector('input[name="ids"]')?.click();
  else if (event.key === "e") {
    const edit = current()?.querySelector(".f-row-end a:not(.f-eye), .f-pictured-edit");
    if (edit) standInForm();
    edit?.click();
  }
});

document.addEventListener("festoon:rows", mark);
mark();
