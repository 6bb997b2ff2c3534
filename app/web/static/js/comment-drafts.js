// A comment that is being written waits in this tab, by record and by place, until it is sent.
import { change, held } from "./stash.js";

const STASH = "comments";
const touched = new Set(); // what was written in on this page
const nameOf = (area) => `${area.form.dataset.people} ${area.id}`;
const isEdit = (area) => area.closest("[data-editing]") !== null;
const isWritten = (area) => area.value.trim() !== "" && !(isEdit(area) && area.value === area.defaultValue);
const draftsOf = (all, form) => (all[form.dataset.people] ??= {});
const tidy = (all, form) => Object.keys(draftsOf(all, form)).length || delete all[form.dataset.people];

/** Hold what stands in a field now, with the field that it is about and the key under which it is said once. */
export const holdDraft = (area) => {
  const { form } = area;
  change(STASH, (all) => {
    const drafts = draftsOf(all, form);
    delete drafts[area.id];
    if (isWritten(area)) drafts[area.id] = { body: area.value, field: form.elements.field?.value, once: form.elements.once?.value };
    tidy(all, form);
  });
  touched[isWritten(area) ? "add" : "delete"](nameOf(area));
};

/** Let go of what was sent. */
export const letGo = (area) => {
  change(STASH, (all) => {
    delete draftsOf(all, area.form)[area.id];
    tidy(all, area.form);
  });
  touched.delete(nameOf(area));
};

/** What was written in a field that is gone is added to a new comment. */
export const moveDraft = (area, into) => {
  change(STASH, (all) => {
    const drafts = draftsOf(all, area.form);
    delete drafts[area.id];
    drafts[into] = { ...drafts[into], body: [drafts[into]?.body, area.value].filter(Boolean).join("\n\n") };
  });
  touched.delete(nameOf(area));
  touched.add(`${area.form.dataset.people} ${into}`);
};

/** Show the field of a comment that is edited, or fold it again. */
export const unfold = (comment, isOpen) => {
  comment.querySelector("[data-said]").hidden = isOpen;
  comment.querySelector("[data-editing]").hidden = !isOpen;
};

/** Put what waits back into the fields of a part that was just put on the page. */
export const putBack = (part) => {
  const { people } = part.querySelector("[data-people]")?.dataset ?? {};
  for (const [id, draft] of Object.entries((people && held(STASH)[people]) || {})) {
    const area = part.querySelector(`#${CSS.escape(id)}`);
    if (!area || area.value === draft.body) continue;
    area.value = draft.body;
    const { field, once } = area.form.elements;
    if (field && draft.field) field.value = draft.field;
    if (once && draft.once) once.value = draft.once;
    const answer = area.closest("details:not([open])");
    if (answer) {
      answer.dataset.putBack = ""; // nobody asked for it now: the reader stays where they are
      answer.open = true;
    }
    if (isEdit(area)) unfold(area.closest(".cm"), true);
  }
};

let isGoing = false; // by something that leads back here, or was meant
const goes = () => {
  isGoing = true;
  setTimeout(() => (isGoing = false), 3000);
};
document.addEventListener("submit", (event) => event.defaultPrevented || goes());
document.addEventListener("click", (event) => event.target.closest("[data-signs-in]") && goes());
addEventListener("beforeunload", (event) => {
  if (touched.size && !isGoing) event.preventDefault();
});
