// The home page: what one click does is done in place, and the list of what waits is fetched anew.
const widgets = document.querySelector(".f-widgets");
const announce = document.getElementById("announce");

const refresh = async (notes) => {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of ["work", "coming", "changes"]) {
    const [old, next] = [widgets, page].map((within) => within.querySelector(`[data-widget="${name}"]`));
    if (old && next) old.replaceChildren(...next.childNodes);
  }
  notes.push(...page.querySelectorAll("#notes [data-note]"));
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-act]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button:not([type=button])");
  const queue = form.closest("[data-queue]")?.dataset.queue;
  const place = [...form.closest("ul").querySelectorAll("[data-act]")].indexOf(form);
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  const notes = [];
  try {
    // The answer leads to another page, whose sentence is for this one: it is not followed.
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    await refresh(notes);
  } catch {
    form.submit();
    return;
  }
  for (const note of notes) {
    document.getElementById("notes").append(note);
    announce.textContent = note.querySelector("p").textContent;
    if (note.dataset.tone === "success") setTimeout(() => note.remove(), 7000);
  }
  const acts = widgets.querySelectorAll(`[data-queue="${CSS.escape(queue ?? "")}"] [data-act] button`);
  (acts[Math.min(place, acts.length - 1)] ?? document.getElementById("main")).focus();
});

// What others do arrives too, but nothing moves under the pointer or away from the keyboard.
const work = widgets.querySelector('[data-widget="work"]');
let waits = false;
const isInUse = () => work.matches(":hover") || work.contains(document.activeElement);
const settle = () => {
  if (!waits || isInUse()) return;
  waits = false;
  refresh([]);
};
const note = () => {
  if (!waits) setTimeout(settle, 800);
  waits = true;
};
if (work) {
  work.addEventListener("pointerleave", settle);
  work.addEventListener("focusout", () => setTimeout(settle));
  const queues = [...work.querySelectorAll("[data-live]")].map((queue) => queue.dataset.queue);
  if (queues.length) import("./live.js").then(({ watch }) => queues.forEach((name) => watch(name, { onChange: note })));
}
