// Who types before the scripts of a form are done has changed it all the same: it no longer holds what it came with.
const form = document.querySelector("[data-form]");
const first = document.activeElement;
let isTyped = form.contains(first) && "defaultValue" in first && first.value !== first.defaultValue;
for (const name of ["input", "change"]) form.addEventListener(name, (event) => (isTyped ||= event.isTrusted), { capture: true });

/** Whether the reader has typed into the form by now. */
export const typed = () => isTyped;
