// Filling in by machine: a choice is counted at once, and a run is watched until it has ended.
const EVERY = 1500;

const wish = document.querySelector("[data-wish]");
let asked = 0;
const recount = async () => {
  const mine = ++asked;
  const address = `${wish.action}?${new URLSearchParams([...new FormData(wish)].filter(([name]) => name !== "csrf_token"))}`;
  wish.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (mine !== asked) return;
  wish.removeAttribute("aria-busy");
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".p-estimate");
  if (mine !== asked || !fresh) return;
  document.querySelector(".p-estimate").replaceChildren(...fresh.childNodes);
  history.replaceState(history.state, "", address);
};
wish?.addEventListener("change", recount);

const watch = async () => {
  const run = document.querySelector("[data-run]");
  if (!run || !("underWay" in run.dataset)) return;
  const isBusy = document.hidden || document.querySelector("dialog[open]");
  const answer = isBusy ? null : await fetch(location.pathname, { headers: { "X-Part": "run" } }).catch(() => null);
  if (answer?.ok) {
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    const focused = run.contains(document.activeElement) ? document.activeElement.closest("form")?.action : "";
    run.replaceWith(template.content);
    if (focused) document.querySelector(`[data-run] form[action="${new URL(focused).pathname}"] button`)?.focus();
  }
  setTimeout(watch, EVERY);
};
setTimeout(watch, EVERY);
