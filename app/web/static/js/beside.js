// A part of a form that tells what the typed values would do: asked for anew when one of its inputs changes.
const form = document.querySelector("[data-form]");
const part = form.querySelector("[data-beside]");
const inside = part.querySelector("[data-inside]");
const names = part.dataset.names.split(" ");
const isOneOf = (input) => names.some((name) => (name.endsWith("-") ? input?.startsWith(name) : input === name));
const PAUSE = 350;
let waiting = 0;
let asking;

const ask = async () => {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(part.dataset.beside, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, signal });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    inside.innerHTML = await answer.text();
    form.dispatchEvent(new Event("festoon:changed"));
  } catch (error) {
    if (error.name === "AbortError") return; // a later question is under way
  }
  part.removeAttribute("aria-busy");
};

const askSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
};

for (const name of ["input", "change"]) {
  form.addEventListener(name, ({ target }) => {
    if (isOneOf(target.name)) askSoon();
  });
}

// A row that is added, removed or brought back changes it as well; the form's own news is that of this part.
form.addEventListener("festoon:changed", ({ target }) => {
  if (target !== form && isOneOf(`${target.dataset.children}-`)) askSoon();
});

// What is chosen for one line opens what belongs to it.
form.addEventListener("change", ({ target }) => {
  const line = target.closest("[data-choices]");
  if (!line || target.type !== "radio") return;
  for (const more of line.querySelectorAll("[data-for-choice]")) more.hidden = more.dataset.forChoice !== target.value;
});
