// Jobs: refreshed softly while somebody looks, and instants in the reader's own time zone.
const EVERY = 4000;
const language = document.documentElement.lang || undefined;
const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const fresh = document.getElementById("fresh");

document.querySelector(".j-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const sayTimes = () => {
  for (const time of document.querySelectorAll("time[data-instant]")) {
    const text = exact.format(new Date(time.dateTime));
    if (time.title !== text) time.title = text;
    if (time.dataset.instant === "exact" && time.textContent !== text) time.textContent = text;
  }
};

// Nothing moves under a hand: an open cause, a dialog or a button in focus stops it for as long.
const isBusy = () =>
  document.hidden ||
  document.querySelector("#board details[open], dialog[open]") ||
  document.activeElement?.closest("#board button") ||
  getSelection().toString();

setInterval(() => {
  if (!isBusy()) document.getElementById("board").dispatchEvent(new Event("fresh"));
}, EVERY);
document.addEventListener("htmx:after:swap", () => {
  fresh.textContent = "";
  sayTimes();
});
for (const name of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(name, () => (fresh.textContent = fresh.dataset.stale));
}
sayTimes();
