// The simulator: the address follows what is tried, and what is wrong is told at its input.
const form = document.getElementById("tried");
const result = document.getElementById("result");

document.querySelector("[data-subject] select")?.addEventListener("change", ({ target }) => target.form.requestSubmit());

// On a narrow screen what came of it stands below the form: the form begins folded, but for what is wrong.
if (matchMedia("(max-width: 999px)").matches) {
  for (const group of form?.querySelectorAll(".s-group") ?? []) group.open = group.querySelector(".is-invalid") !== null;
}

const tellFaults = () => {
  const faults = new Map([...result.querySelectorAll("[data-faults] > [data-of]")].map((one) => [one.dataset.of, one.textContent]));
  for (const place of form.querySelectorAll("[data-fault]")) {
    const input = form.elements[place.dataset.fault];
    const sentence = faults.get(place.dataset.fault) || "";
    place.hidden = !sentence;
    place.querySelector("span").textContent = sentence;
    input?.classList.toggle("is-invalid", Boolean(sentence));
    if (sentence) {
      input?.setAttribute("aria-invalid", "true");
      place.closest("details").open = true;
    } else input?.removeAttribute("aria-invalid");
  }
};

document.addEventListener("htmx:after:swap", () => {
  tellFaults();
  const address = result.querySelector("[data-address]")?.dataset.address;
  if (address) history.replaceState(history.state, "", address);
  document.dispatchEvent(new CustomEvent("festoon:charts", { detail: result }));
});
