// Who else looks at the same list or record: their initials, their names on hover and for screen readers.
import { watch } from "./live.js";

const MOST = 4;
const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] || "")
    .join("")
    .toUpperCase();

const drawn = (box, person) => {
  const item = document.createElement("li");
  const words = (person.doing === "edit" ? box.dataset.edits : box.dataset.looks).replace("{name}", person.name);
  item.className = "f-person";
  item.dataset.hue = person.id % 6;
  if (person.doing === "edit") item.dataset.doing = "edit";
  item.title = words;
  const mark = document.createElement("span");
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = initials(person.name);
  const said = document.createElement("span");
  said.className = "f-sr";
  said.textContent = words;
  item.append(mark, said);
  return item;
};

/** Draw people into a list element; the sentences come from its data. */
export const show = (box, people) => {
  const before = new Set([...box.children].map((item) => item.title));
  const some = people.slice(0, MOST).map((person) => drawn(box, person));
  if (people.length > MOST) {
    const rest = drawn(box, { id: 0, name: people.slice(MOST).map((person) => person.name).join(", "), doing: "view" });
    rest.firstChild.textContent = `+${people.length - MOST}`;
    some.push(rest);
  }
  box.replaceChildren(...some);
  box.hidden = !people.length;
  const news = some.filter((item) => item.dataset.doing === "edit" && !before.has(item.title));
  const voice = document.getElementById("announce");
  if (voice && news.length) voice.textContent = news.map((item) => item.title).join(" ");
};

for (const box of document.querySelectorAll("[data-people]")) {
  const { people: name, doing = "view" } = box.dataset;
  const note = document.querySelector("[data-changed-note]");
  watch(name, {
    doing,
    onPeople: (people) => show(box, people),
    onChange:
      note && name.includes("/")
        ? ({ again }) => {
            if (!again) note.hidden = false;
          }
        : undefined,
  });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-reloads]")) location.reload();
});
