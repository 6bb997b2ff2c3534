// The library: folders beside the pictures. Pictures and folders are dragged into folders; menus and dialogs do the same by keyboard.
import { go } from "./going.js";
import { note } from "./notes.js";
import { change as store, held } from "./stash.js";

const side = () => document.getElementById("library");
const words = () => side().querySelector("[data-side]").dataset;
const token = () => side().dataset.token;
const PICTURES = "text/x-festoon-pictures";
const FOLDER = "text/x-festoon-folder";

const KEPT = "library";

// ---- What stands beside the pictures is fetched: what was there last at once, then as it is now.

const isNarrow = () => matchMedia("(max-width: 899px)").matches;
const openFolder = () => new URLSearchParams(location.search).get("filter[folder]") || "";

let shownHtml = ""; // as it came from the server

const draw = (fresh) => {
  shownHtml = fresh.outerHTML;
  store(KEPT, (all) => (all.side = shownHtml));
  const shown = side().querySelector("[data-side]");
  const fold = fresh.querySelector("[data-fold]");
  fold.open = shown ? shown.querySelector("[data-fold]").open && !isNarrow() : !isNarrow();
  const shut = [...side().querySelectorAll('[data-folder-toggle][aria-expanded="false"]')].map((button) => button.closest("[data-folder]").dataset.folder);
  const focused = side().contains(document.activeElement) ? document.activeElement.getAttribute("href") : "";
  side().replaceChildren(fresh);
  for (const id of shut) toggle(side().querySelector(`[data-folder="${CSS.escape(id)}"]`), false);
  if (focused) side().querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
};

const refreshSide = async () => {
  const upload = document.getElementById("upload-words");
  if (upload) upload.dataset.into = openFolder();
  const answer = await fetch(`/pictures/side${location.search}`).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [fresh, dialogs] = [read.querySelector("[data-side]"), read.querySelector("[data-dialogs]")];
  if (!fresh) return;
  if (fresh.outerHTML !== shownHtml) draw(document.adoptNode(fresh)); // what is as it was stays under the finger
  const place = document.getElementById("library-dialogs");
  if (!place.querySelector("dialog[open]")) place.replaceChildren(...document.adoptNode(dialogs).children);
};
let drawn = Promise.resolve(); // what is told is told over folders that show it
document.addEventListener("festoon:rows", () => (drawn = refreshSide()));

const toggle = (item, isOpen) => {
  const button = item?.querySelector(":scope > .f-folder [data-folder-toggle]");
  if (!button) return;
  button.setAttribute("aria-expanded", String(isOpen));
  item.querySelector(":scope > ul").hidden = !isOpen;
};

// ---- Talking to the server

const faultOf = async (answer) => {
  const said = await answer.json().catch(() => ({}));
  return Object.values(said.errors || {}).flat().join(" ") || said.detail || words().fault;
};

const folderRequest = async (method, id, facts) => {
  const answer = await fetch(`/api/v1/picture-folders/${id}`, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
    body: facts && JSON.stringify(facts),
  }).catch(() => null);
  if (!answer) return words().fault;
  return answer.ok ? "" : faultOf(answer);
};

// Posts a wish; resolves with what was told, or with null after the fault was said.
const post = async (path, facts) => {
  const body = new FormData();
  body.set("csrf_token", token());
  for (const [name, value] of Object.entries(facts)) for (const one of [value].flat()) body.append(name, one);
  const answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  const told = answer?.ok ? await answer.json().catch(() => null) : null;
  if (!told) note(answer ? await faultOf(answer) : words().fault, { tone: "danger" });
  return told;
};

// What is done to many pictures; `back` takes it back from what they were before.
const change = async (path, facts, back) => {
  const told = await post(path, facts);
  if (!told) return refreshSide();
  await go(location.href, { keep: true });
  await drawn;
  for (const sentence of told.refused) note(sentence, { tone: "danger" });
  if (!told.told) {
    if (!told.refused.length) note(words().nothing, { tone: "warning" });
  } else if (!back) note(words().undone);
  else note(told.told, { undo: { words: words().undo, do: () => back(told.former) } });
};

const grouped = (keys, nameOf) => {
  const found = new Map();
  for (const key of keys) found.set(nameOf(key), [...(found.get(nameOf(key)) || []), key]);
  return found;
};

const movePictures = (ids, folder) =>
  change("/pictures/move", { ids, folder }, async (former) => {
    for (const [place, some] of grouped(Object.keys(former), (id) => former[id])) await change("/pictures/move", { ids: some, folder: place });
  });

const tagPictures = (ids, add, remove) =>
  change("/pictures/tag", { ids, add, remove }, async (former) => {
    for (const [way, some] of grouped(Object.keys(former), (id) => JSON.stringify(former[id]))) await change("/pictures/tag", { ids: some, ...JSON.parse(way) });
  });

// ---- Dragging

// A card is dragged as a whole: neither its picture nor its link is.
const dragWhole = () => {
  for (const part of document.querySelectorAll("#rows [data-card] :is(a, img)")) part.draggable = false;
};
dragWhole();
for (const name of ["festoon:rows", "festoon:renewed"]) document.addEventListener(name, dragWhole);

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-card]");
  const folder = event.target.closest?.("[data-folder][draggable]");
  if (card) {
    const chosen = [...document.querySelectorAll('#rows input[name="ids"]:checked')].map((box) => box.value);
    const ids = chosen.includes(card.dataset.id) ? chosen : [card.dataset.id];
    event.dataTransfer.setData(PICTURES, JSON.stringify(ids));
    event.dataTransfer.effectAllowed = "move";
    for (const id of ids) document.querySelector(`[data-card][data-id="${id}"]`)?.classList.add("is-dragged");
    side().classList.add("is-taking");
  } else if (folder) {
    event.dataTransfer.setData(FOLDER, folder.dataset.folder);
    event.dataTransfer.effectAllowed = "move";
    side().classList.add("is-taking");
  }
});
document.addEventListener("dragend", () => {
  for (const card of document.querySelectorAll(".is-dragged")) card.classList.remove("is-dragged");
  for (const place of document.querySelectorAll(".is-over")) place.classList.remove("is-over");
  side().classList.remove("is-taking");
});
const placeOf = (event) => {
  const kinds = [...(event.dataTransfer?.types || [])];
  return kinds.includes(PICTURES) || kinds.includes(FOLDER) ? event.target.closest?.("#library [data-folder]") : null;
};
document.addEventListener("dragover", (event) => {
  const place = placeOf(event);
  for (const other of document.querySelectorAll("#library .is-over")) if (other !== place) other.classList.remove("is-over");
  if (!place) return;
  event.preventDefault();
  place.classList.add("is-over");
});
document.addEventListener("drop", async (event) => {
  const place = placeOf(event);
  if (!place) return;
  event.preventDefault();
  place.classList.remove("is-over");
  const pictures = event.dataTransfer.getData(PICTURES);
  if (pictures) return movePictures(JSON.parse(pictures), place.dataset.folder);
  const moved = side().querySelector(`[data-folder="${CSS.escape(event.dataTransfer.getData(FOLDER))}"]`);
  if (!moved || moved === place || moved.dataset.parent === place.dataset.folder) return;
  const facts = { parent: place.dataset.folder || null, revision: Number(moved.dataset.revision) };
  const fault = await folderRequest("PATCH", moved.dataset.folder, facts);
  if (fault) note(fault, { tone: "danger" });
  else note(words().moved);
  await refreshSide();
});

// ---- Folders by keyboard: the dialog for a new one, a change, a deletion

const dialog = () => document.getElementById("folder");
const farewell = () => document.getElementById("folder-delete");
let changed = null; // the folder that the dialog changes; a new one is made without

const complain = (form, text) => {
  const line = form.querySelector("[data-error]");
  line.querySelector("[data-text]").textContent = text;
  line.hidden = !text;
};

const openDialog = (item, parent) => {
  changed = item;
  const title = document.getElementById("folder-title");
  title.textContent = item ? title.dataset.change : title.dataset.new;
  dialog().querySelector("[name=name]").value = item?.dataset.name || "";
  const select = dialog().querySelector("[name=parent]");
  const below = item ? [item, ...item.querySelectorAll("[data-folder]")].map((one) => one.dataset.folder) : [];
  for (const option of select.options) option.disabled = below.includes(option.value);
  select.value = parent;
  complain(dialog(), "");
  dialog().showModal();
  dialog().querySelector("[name=name]").select();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-folder-toggle], [data-folder-new], [data-folder-change], [data-folder-remove]");
  if (!button) return;
  const item = button.closest("[data-folder]");
  button.closest("details[data-menu]")?.removeAttribute("open");
  if (button.matches("[data-folder-toggle]")) toggle(item, button.getAttribute("aria-expanded") !== "true");
  else if (button.matches("[data-folder-new]")) openDialog(null, item?.dataset.folder ?? openFolder());
  else if (button.matches("[data-folder-change]")) openDialog(item, item.dataset.parent);
  else {
    changed = item;
    const title = document.getElementById("folder-delete-title");
    title.textContent = title.dataset.words.replace("{name}", item.dataset.name);
    complain(farewell(), "");
    farewell().showModal();
  }
});

const saveFolder = async () => {
  const facts = { name: dialog().querySelector("[name=name]").value, parent: dialog().querySelector("[name=parent]").value || null };
  if (changed) facts.revision = Number(changed.dataset.revision);
  const fault = await folderRequest(changed ? "PATCH" : "POST", changed ? changed.dataset.folder : "", facts);
  if (fault) return complain(dialog(), fault);
  dialog().close();
  await refreshSide();
};

const deleteFolder = async () => {
  const told = await post(`/picture-folders/${changed.dataset.folder}/delete`, {});
  farewell().close();
  if (!told) return refreshSide();
  const address = new URLSearchParams(location.search);
  if (openFolder() === changed.dataset.folder) {
    address.delete("filter[folder]");
    if (changed.dataset.parent) address.set("filter[folder]", changed.dataset.parent);
  }
  await go(`${location.pathname}?${address}`);
  const back = async () => {
    if (!(await post("/picture-folders/undelete", { token: told.token }))) return;
    await go(location.href, { keep: true });
    note(words().undone);
  };
  note(told.told, { undo: told.token ? { words: words().undo, do: back } : null });
};

const JOINED = '#library-dialogs form[data-joins="bulk"]';
const doToChosen = (form) => {
  const sent = new FormData(form);
  const ids = sent.getAll("ids");
  form.closest("dialog").close();
  if (sent.has("folder")) return movePictures(ids, sent.get("folder"));
  tagPictures(ids, sent.get("add"), sent.get("remove"));
  form.reset();
};

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-folder-form]")) saveFolder();
  else if (event.target.matches("[data-folder-delete]")) deleteFolder();
  else if (event.target.matches(JOINED)) doToChosen(event.target);
  else return;
  event.preventDefault();
});

// What is moved or tagged together leads back to this very list.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches(JOINED)) return;
  event.formData.set("back", location.pathname + location.search);
  for (const box of document.querySelectorAll('#rows input[name="ids"]:checked')) event.formData.append("ids", box.value);
}, true);

const { side: kept } = held(KEPT);
if (kept) {
  const box = document.createElement("div");
  box.innerHTML = kept;
  if (box.firstElementChild?.matches("[data-side]")) draw(box.firstElementChild);
}
refreshSide();
