// Whoever moves a start moves the end with it: a booking keeps its length until its end is changed.
import { added, minutesBetween } from "./wall-time.js";

for (const form of document.querySelectorAll("form[data-moves]")) {
  const { starts_at: starts, ends_at: ends } = form.elements;
  let length = minutesBetween(starts.value, ends.value);
  starts.addEventListener("input", () => {
    if (starts.value && length > 0) ends.value = added(starts.value, { seconds: length * 60 });
  });
  ends.addEventListener("input", () => {
    if (starts.value && ends.value) length = minutesBetween(starts.value, ends.value);
  });
}
