// A picture in a form: a file that is chosen or dropped is sent at once, and the field then names the new picture.
import { hasFiles, mayUpload, picturesOf, send } from "./sending.js";

const form = document.querySelector("[data-form]");
const under = new Map(); // what is being sent, by the field that waits for it

const tellForm = () => {
  form.toggleAttribute("data-sending", under.size > 0);
  form.dispatchEvent(new Event("festoon:changed"));
};

export const choose = (field, made) => {
  const select = field.querySelector("select");
  const option = { value: made.id, text: made.title, picture: made.picture?.thumb || "" };
  if (select.tomselect) {
    select.tomselect.addOption(option);
    select.tomselect.setValue(made.id);
  } else select.append(new Option(option.text, option.value, true, true));
};

// `refused` is told of a file that no further try would bring in, in place of the field.
export const sendInto = (field, file, refused) => {
  const shown = field.querySelector(".f-picture-shown");
  const before = shown.hidden ? "" : shown.src;
  const box = field.querySelector("[data-sending]");
  const bar = box.querySelector("progress");
  const error = field.querySelector("[data-send-error]");
  const again = error.querySelector("[data-again]");
  under.get(field)?.stop();
  error.hidden = true;
  box.hidden = false;
  bar.value = 0;
  shown.src = URL.createObjectURL(file);
  shown.hidden = false;
  const sending = send(file, { onProgress: (share) => (bar.value = Math.round(share * 100)) });
  under.set(field, sending);
  tellForm();
  const ended = () => {
    if (under.get(field) !== sending) return false;
    under.delete(field);
    box.hidden = true;
    return true;
  };
  box.querySelector("[data-stop]").onclick = () => sending.stop();
  sending.promise.then(
    (made) => {
      if (!ended()) return;
      choose(field, made);
      tellForm();
    },
    (refusal) => {
      if (!ended()) return;
      if (refused && (refusal.stopped || !refusal.again)) {
        refused(refusal);
        tellForm();
        return;
      }
      shown.hidden = !before;
      if (before) shown.src = before;
      error.querySelector("[data-text]").textContent = refusal.stopped ? "" : `${file.name}: ${refusal.text}`;
      error.hidden = Boolean(refusal.stopped);
      again.hidden = !refusal.again;
      again.onclick = () => sendInto(field, file, refused);
      tellForm();
    },
  );
};

if (form && mayUpload) {
  form.addEventListener("change", (event) => {
    const field = event.target.closest("[data-picture]");
    if (!field || !event.target.matches("input[type=file]")) return;
    const [file] = event.target.files;
    event.target.value = "";
    if (file) sendInto(field, file);
  });
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      const place = event.target.closest("[data-drop-one]");
      if (!place || !hasFiles(event)) return;
      event.preventDefault();
      place.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, (event) => event.target.closest("[data-drop-one]")?.classList.remove("is-over"));
  }
  form.addEventListener("drop", (event) => {
    const place = event.target.closest("[data-drop-one]");
    const [file] = place ? picturesOf(event.dataTransfer) : [];
    if (!file) return;
    event.preventDefault();
    sendInto(place.closest("[data-picture]"), file);
  });
  // A file that misses its place must not take the reader away from what was typed.
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => hasFiles(event) && event.preventDefault());
}
