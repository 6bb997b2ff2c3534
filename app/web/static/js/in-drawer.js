// Inside a drawer: what was saved is handed to the page around it, Escape and Cancel close it.
const tell = (message) => parent !== window && parent.postMessage(message, location.origin);
const saved = document.querySelector("[data-saved]");
if (saved) tell({ festoon: "saved", record: { ...saved.dataset } });
document.addEventListener("click", (event) => event.target.closest("[data-drawer-close]") && tell({ festoon: "close" }));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest(".ts-wrapper.dropdown-active, [data-link-line]")) tell({ festoon: "close" });
});
const form = document.querySelector("[data-form]");
form?.addEventListener("festoon:dirty", (event) => tell({ festoon: "dirty", isDirty: event.detail }));
