// The queue of alternative texts: one saves, goes on or skips without leaving the keys.
const place = () => document.getElementById("alts");

const show = async (answer, address) => {
  if (!answer || answer.redirected || (!answer.ok && answer.status !== 422)) return location.assign(address);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("alts");
  if (!fresh) return location.assign(address);
  place().replaceWith(document.adoptNode(fresh));
  history.replaceState(null, "", address);
  const said = place().querySelector("[data-saved]");
  const words = said.textContent;
  said.textContent = "";
  setTimeout(() => (said.textContent = words), 50); // what is there from the start is not read out
  (place().querySelector("textarea") || place().querySelector("a.btn"))?.focus();
};

const go = async (address) => {
  place().setAttribute("aria-busy", "true");
  await show(await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null), address);
};

const save = async (form) => {
  if (!form.reportValidity()) return;
  place().setAttribute("aria-busy", "true");
  // What was skipped stays behind: the next one is looked for from here on.
  const address = location.pathname + location.search;
  const answer = await fetch(address, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } }).catch(() => null);
  await show(answer, address);
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-alt-form]")) return;
  event.preventDefault();
  save(event.target);
});
document.addEventListener("click", (event) => {
  const skip = event.target.closest("[data-skip]");
  if (!skip || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  go(skip.href);
});
document.addEventListener("keydown", (event) => {
  const form = document.querySelector("[data-alt-form]");
  if (!form) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    save(form);
  } else if (event.key === (document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight") && event.altKey) {
    event.preventDefault();
    go(form.querySelector("[data-skip]").href);
  }
});
