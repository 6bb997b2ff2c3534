// The bar below a list offers only what at least one of the selected records allows.
const bulk = document.querySelector("[data-bulk]");
const known = new Map();
let asked = 0;

const chosen = () => [...document.querySelectorAll('#rows input[name="ids"]:checked')].map((box) => box.value);
const buttons = () => [...bulk.querySelectorAll("button[name=action], [data-opens^=bulk-]")];
const verbOf = (button) => button.value || button.dataset.opens.replace("bulk-", "");

const show = (verbs) => {
  for (const button of buttons()) button.hidden = !verbs.includes(verbOf(button));
};

const look = async () => {
  const ids = chosen();
  if (!ids.length) return;
  const key = [...ids].sort().join();
  if (known.has(key)) return show(known.get(key));
  const mine = ++asked;
  const answer = await fetch(`${location.pathname}verbs?ids=${ids.join()}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (mine !== asked || !answer?.ok) return;
  const { verbs } = await answer.json();
  known.set(key, verbs);
  show(verbs);
};

if (bulk) {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-check-all], #rows input[name=ids]")) look();
  });
  for (const name of ["festoon:rows", "festoon:renewed"]) {
    document.addEventListener(name, () => {
      known.clear();
      look();
    });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("#rows input[name=ids]")) setTimeout(look);
  });
}
