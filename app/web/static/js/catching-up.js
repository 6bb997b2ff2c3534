// Who types before the scripts of a form have come, or comes back to what the browser kept, is answered all the same.
const standing = (select) => Math.max(0, [...select.options].findIndex((option) => option.defaultSelected));
const differs = (input) => {
  if (input.options) return input.selectedIndex !== standing(input);
  if (input.type === "radio" || input.type === "checkbox") return input.checked !== input.defaultChecked;
  return "defaultValue" in input && input.value !== input.defaultValue;
};

const catchUp = () => {
  for (const form of document.querySelectorAll("form[data-hx-trigger^=input]")) {
    if ([...form.elements].some(differs)) form.dispatchEvent(new Event("input", { bubbles: true }));
  }
};
addEventListener("load", () => setTimeout(catchUp)); // htmx begins in a task of its own, which stands in the queue by now
