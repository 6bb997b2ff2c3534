// Arranging the home page: every button posts the whole order and the page is swapped in place; dragging posts it too.
const announce = document.getElementById("announce");
let sending = Promise.resolve();

const post = async (button) => {
  const form = document.getElementById("arrange");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) });
  if (!answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  form.replaceWith(page.getElementById("arrange"));
  sortable();
};

const send = (button, refocus) => {
  sending = sending.then(() => post(button)).then(refocus, () => location.reload());
};

const say = (name) => {
  const card = document.querySelector(`[data-card="${CSS.escape(name)}"]`);
  announce.textContent = card?.dataset.place ?? "";
  return card;
};

const focusAfter = (verb, name, place) => {
  const card = say(name);
  const wanted = card?.querySelector(verb === "handle" ? "[data-handle]" : `[value="${CSS.escape(`${verb}:${name}`)}"]:not(:disabled)`);
  const others = document.querySelectorAll(verb === "add" ? ".f-other" : "[data-handle]");
  (wanted ?? card?.querySelector("[data-handle]") ?? others[Math.min(place, others.length - 1)])?.focus();
};

document.addEventListener("submit", (event) => {
  if (event.target.id !== "arrange") return;
  event.preventDefault();
  const button = event.submitter;
  const [verb, ...rest] = button.value.split(":");
  const siblings = [...document.querySelectorAll(verb === "add" ? ".f-other" : "[data-card]")];
  const place = siblings.findIndex((other) => other.contains(button));
  send(button, () => focusAfter(verb, rest.join(":"), place));
});

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest("[data-handle]");
  const verb = { ArrowUp: "earlier", ArrowLeft: "earlier", ArrowDown: "later", ArrowRight: "later" }[event.key];
  if (!handle || !verb) return;
  event.preventDefault();
  const name = handle.closest("[data-card]").dataset.card;
  const isTurned = document.dir === "rtl" && event.key.match(/Left|Right/);
  const step = isTurned ? { earlier: "later", later: "earlier" }[verb] : verb;
  const button = handle.closest("[data-card]").querySelector(`[value="${CSS.escape(`${step}:${name}`)}"]`);
  if (!button.disabled) send(button, () => focusAfter("handle", name, 0));
});

const sortable = () => {
  const cards = document.querySelector("[data-cards]");
  if (!cards || !globalThis.Sortable) return;
  globalThis.Sortable.create(cards, {
    handle: "[data-handle]",
    animation: 150,
    ghostClass: "is-moving",
    onEnd: ({ item, oldIndex, newIndex }) => {
      if (oldIndex !== newIndex) send(undefined, () => focusAfter("handle", item.dataset.card, 0));
    },
  });
};
sortable();
