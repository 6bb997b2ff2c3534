// The tabs of saved views: their counts come after the page, and a deleted view can be brought back.
import { go, pairs } from "./going.js";

// After a change of the reader's own they are counted anew: what is remembered of them is older than the change.
const REMEMBERED = 20_000;
let changed = -REMEMBERED;
let asked = 0;

const counts = async () => {
  const views = document.getElementById("views");
  if (!views?.querySelector("[data-view]")) return;
  const mine = ++asked;
  const headers = { Accept: "application/json" };
  if (performance.now() - changed < REMEMBERED) headers["Cache-Control"] = "no-cache";
  const answer = await fetch(views.dataset.counts, { headers }).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  if (mine !== asked) return;
  for (const tab of document.querySelectorAll("#views [data-view]")) {
    const known = found[tab.dataset.view];
    const place = tab.querySelector("[data-view-count]");
    place.textContent = known ? known.text : "";
    place.title = known ? known.hint : "";
  }
};
const recount = () => {
  changed = performance.now();
  counts();
};
if (document.querySelector("#notes [data-note]")) recount(); // the page comes after something that was done
else counts();
document.addEventListener("festoon:rows", counts);
document.addEventListener("festoon:changed", recount);

// What asks for a name comes when it is asked for.
const openers = "[data-opens=keep-view], [data-opens=change-view]";
document.addEventListener(
  "click",
  async (event) => {
    const opener = event.target.closest(openers);
    const place = opener && document.getElementById("view-dialogs");
    if (!place) return;
    event.stopImmediatePropagation();
    opener.closest("details[data-menu]")?.removeAttribute("open");
    const answer = await fetch(`${place.dataset.from}?${pairs()}`).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...[...read.body.children].map((node) => document.adoptNode(node)));
    document.getElementById(opener.dataset.opens)?.showModal();
  },
  true,
);

const post = (url, form) =>
  fetch(url, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }).catch(() => null);

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-delete-view]");
  if (!form) return;
  event.preventDefault();
  const restore = form.dataset.restore;
  const answer = await post(form.action, form);
  if (!answer?.ok) return location.reload();
  await go((await answer.json()).url);
  const note = document.getElementById("view-gone").content.cloneNode(true).firstElementChild;
  note.querySelector("[data-undo-view]").addEventListener("click", async () => {
    const back = await post(restore, form);
    if (!back?.ok) return location.reload();
    note.remove();
    await go((await back.json()).url);
    document.querySelector("#views [aria-current]")?.focus();
  });
  document.getElementById("notes").append(note);
  note.querySelector("[data-undo-view]").focus();
});
