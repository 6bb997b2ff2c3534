// A calendar: a double click on a day adds a record there, and a record is dragged to another day.
import { sentences } from "./asking.js";
import { takeBack, writeCell } from "./cell-writing.js";

const note = (...said) => window.Festoon.note(...said);
const calendar = () => document.querySelector("[data-calendar]");
let dragged = null;

const dayAt = (event) => {
  const direct = event.target.closest?.("[data-date]");
  if (direct) return direct;
  return null;
};

const refused = (answer) => note(sentences(answer.facts)[0] || calendar().dataset.failed, { tone: "danger" });

const move = async (item, day) => {
  const { field, csrf, undo } = calendar().dataset;
  const url = `${calendar().dataset.url}${item.dataset.id}/cell`;
  const answer = await writeCell(url, field, day, item.dataset.revision, csrf);
  if (!answer.ok) {
    refused(answer);
    return settle(); // somebody may have saved it meanwhile
  }
  const back = async () => {
    const undone = await takeBack(url, field, answer.facts, csrf);
    if (!undone.ok) refused(undone);
    await window.Festoon.renewed?.();
    settle();
  };
  note(answer.facts.said, { undo: { words: undo, do: back } });
  settle();
};

// Where a record stands among the days is worked out by the server: the page is read anew.
const settle = async () => {
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("rows");
  if (fresh) document.getElementById("rows").replaceWith(document.adoptNode(fresh));
  document.dispatchEvent(new CustomEvent("festoon:rows"));
};

document.addEventListener("dblclick", (event) => {
  const box = event.target.closest?.("[data-adds]");
  if (box && !event.target.closest("a, button")) location.assign(box.dataset.adds);
});
document.addEventListener("dragstart", (event) => {
  const item = event.target.closest?.("[data-calendar] .f-event[draggable=true]");
  if (!item) return;
  dragged = item;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", item.textContent.trim());
  requestAnimationFrame(() => item.classList.add("is-dragged"));
  calendar().classList.add("is-dropping");
});
document.addEventListener("dragover", (event) => {
  const day = dragged && dayAt(event);
  if (!day) return;
  event.preventDefault();
  for (const other of calendar().querySelectorAll(".is-aimed")) if (other !== day) other.classList.remove("is-aimed");
  day.classList.add("is-aimed");
});
document.addEventListener("drop", (event) => {
  const day = dragged && dayAt(event);
  if (!day) return;
  event.preventDefault();
  if (day !== dragged.closest("[data-date]")) move(dragged, day.dataset.date);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  calendar()?.classList.remove("is-dropping");
  for (const day of calendar()?.querySelectorAll(".is-aimed") || []) day.classList.remove("is-aimed");
});
