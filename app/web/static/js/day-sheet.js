// The day sheet: another venue is shown as soon as it is chosen, and the page is printed by a button, on light paper.
const root = document.documentElement;
const form = document.querySelector("[data-day-sheet]");
form?.querySelector("select").addEventListener("change", () => form.requestSubmit());

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
let worn;
addEventListener("beforeprint", () => {
  worn = root.getAttribute("data-bs-theme");
  root.setAttribute("data-bs-theme", "light");
});
addEventListener("afterprint", () => root.setAttribute("data-bs-theme", worn));
