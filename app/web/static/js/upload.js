// The list of pictures takes files: dropped anywhere, pasted or chosen. The tray shows how each of them does.
import { go } from "./going.js";
import { hasFiles, patch, picturesOf, read, send, sizeOf } from "./sending.js";

const form = document.querySelector("[data-upload]");
const picker = form.querySelector("input[type=file]");
const tray = document.querySelector("[data-tray]");
const list = tray.querySelector("[data-items]");
const blank = tray.querySelector("template");
const zone = document.querySelector("[data-dropzone]");
const find = (name) => tray.querySelector(`[data-${name}]`);
const LOOK_EVERY = 5000;
const all = new Set();

class Sent {
  constructor(file) {
    this.file = file;
    this.row = blank.content.cloneNode(true).querySelector("[data-item]");
    this.part("name").textContent = file.name;
    this.part("size").textContent = sizeOf(file.size);
    this.part("progress").setAttribute("aria-label", file.name);
    this.label("stop");
    this.part("again").setAttribute("aria-label", `${this.part("again").textContent.trim()}: ${file.name}`);
    this.part("stop").addEventListener("click", () => this.stop());
    this.part("again").addEventListener("click", () => this.begin());
    list.append(this.row);
    if (file.type.startsWith("image/")) this.preview(URL.createObjectURL(file));
    this.begin();
  }

  part(name) {
    return this.row.querySelector(`[data-${name}]`);
  }

  label(name) {
    const button = this.part(name);
    button.setAttribute("aria-label", `${button.title}: ${this.file.name}`);
  }

  preview(address) {
    const shown = this.part("shown");
    shown.onerror = () => (shown.hidden = true);
    shown.onload = () => {
      shown.hidden = false;
      if (address.startsWith("blob:")) URL.revokeObjectURL(address);
    };
    shown.src = address;
  }

  say(name) {
    this.part("state").textContent = name ? this.part("state").dataset[name] : "";
  }

  set(state) {
    this.state = state;
    this.row.dataset.state = state;
    const isOn = state === "waiting" || state === "sending";
    this.part("progress").hidden = !isOn;
    this.part("stop").hidden = !isOn;
    this.part("again").hidden = !((state === "failed" || state === "stopped") && this.mayTryAgain);
    this.part("error").hidden = state !== "failed";
    summarise();
  }

  begin() {
    this.share = 0;
    this.part("progress").value = 0;
    this.say("waits");
    const sending = send(this.file, {
      onStart: () => {
        this.say("");
        this.set("sending");
      },
      onRest: () => {
        this.share = 0;
        this.part("progress").value = 0;
        this.say("waits");
        this.set("waiting");
      },
      onProgress: (share) => {
        this.share = share;
        this.part("progress").value = Math.round(share * 100);
        if (share === 1) this.say("drawing");
        summarise();
      },
    });
    this.stop = sending.stop;
    this.set("waiting");
    sending.promise.then((made) => this.done(made), (refusal) => this.failed(refusal));
  }

  failed({ text, again, stopped }) {
    this.mayTryAgain = again;
    this.say(stopped ? "cancelled" : "");
    this.part("text").textContent = text || "";
    this.set(stopped ? "stopped" : "failed");
  }

  done(made) {
    this.made = made;
    this.say(made.state === "quarantined" ? "held" : made.state === "refused" ? "refused" : "");
    this.set(made.state === "quarantined" ? "held" : "done");
    if (made.picture) this.preview(made.picture.thumb || made.picture.url);
    if (made.state === "quarantined") setTimeout(() => this.look(), LOOK_EVERY);
    const open = this.part("open");
    open.href = `${location.pathname}${made.id}`;
    open.hidden = false;
    this.label("open");
    if (!this.isAsking) this.ask();
  }

  // Only now there is something to describe.
  ask() {
    this.isAsking = true;
    const box = this.part("alt");
    const input = box.querySelector("input");
    input.id = `alt-${this.made.id}`;
    box.querySelector("label").htmlFor = input.id;
    input.value = this.made.alt;
    box.hidden = false;
    input.addEventListener("change", async () => {
      const saved = this.part("saved");
      saved.textContent = "";
      try {
        this.made = await patch(this.made.id, { alt: input.value, revision: this.made.revision });
        saved.textContent = saved.dataset.words;
        this.part("error").hidden = true;
        refreshSoon();
      } catch (error) {
        this.part("text").textContent = error.message;
        this.part("error").hidden = false;
      }
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const inputs = [...list.querySelectorAll("[data-alt]:not([hidden]) input")];
      const next = inputs[inputs.indexOf(input) + 1];
      next ? next.focus() : input.blur();
    });
  }

  async look() {
    const now = await read(this.made.id).catch(() => null);
    if (!now || now.state === "quarantined") setTimeout(() => this.look(), LOOK_EVERY);
    else {
      this.done(now);
      refreshSoon();
    }
  }
}

// The whole: how many are through, and how far all bytes are.
const summarise = () => {
  const items = [...all];
  const count = (...states) => items.filter((item) => states.includes(item.state)).length;
  const open = count("waiting", "sending");
  const added = count("done", "held");
  const failed = count("failed", "stopped");
  const words = find("all").dataset;
  const sentence = (open ? words.running : words.done).replace("{done}", added).replace("{all}", items.length);
  const said = failed ? `${sentence}, ${words.failed.replace("{failed}", failed)}` : sentence;
  if (find("all").textContent !== said) find("all").textContent = said;
  const under = items.filter((item) => !["failed", "stopped"].includes(item.state));
  const size = under.reduce((sum, item) => sum + item.file.size, 0) || 1;
  const through = (item) => (["waiting", "sending"].includes(item.state) ? item.share : 1) * item.file.size;
  find("all-progress").value = (100 * under.reduce((sum, item) => sum + through(item), 0)) / size;
  find("all-progress").hidden = !open;
  find("stop-all").hidden = !open;
  find("again-all").hidden = open > 0 || items.filter((item) => item.mayTryAgain && ["failed", "stopped"].includes(item.state)).length < 2;
  find("tray-close").hidden = open > 0;
  if (added > shownInList) refreshSoon();
  shownInList = added;
};

let refreshing = 0;
let shownInList = 0;
const refreshSoon = () => {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    if (document.querySelector('#rows input[name="ids"]:checked') || document.querySelector("#rows :focus")) return;
    go(location.href, { keep: true });
  }, 400);
};

const take = (files) => {
  if (!files.length) return;
  tray.hidden = false;
  for (const file of files) all.add(new Sent(file));
  summarise();
  tray.scrollIntoView({ block: "nearest" });
};

picker.required = false;
picker.addEventListener("change", () => {
  take([...picker.files]);
  picker.value = "";
});
form.addEventListener("submit", (event) => event.preventDefault());
// Browsers open the chooser at Space; people try Enter too.
picker.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  picker.click();
});

// Drag and drop anywhere. Entering a child leaves its parent: what counts is how deep the pointer is.
let depth = 0;
const show = (isOver) => (zone.hidden = !isOver);
document.addEventListener("dragenter", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  depth += 1;
  show(true);
});
document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
document.addEventListener("dragleave", (event) => {
  if (!hasFiles(event)) return;
  depth = Math.max(0, depth - 1);
  if (!depth) show(false);
});
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  depth = 0;
  show(false);
  take(picturesOf(event.dataTransfer));
});
document.addEventListener("paste", (event) => {
  const files = picturesOf(event.clipboardData);
  if (!files.length) return;
  event.preventDefault();
  take(files);
});

find("stop-all").addEventListener("click", () => [...all].reverse().forEach((item) => ["waiting", "sending"].includes(item.state) && item.stop()));
find("again-all").addEventListener("click", () => all.forEach((item) => item.mayTryAgain && ["failed", "stopped"].includes(item.state) && item.begin()));
find("tray-close").addEventListener("click", () => {
  all.clear();
  shownInList = 0;
  list.replaceChildren();
  tray.hidden = true;
  picker.focus();
});
addEventListener("beforeunload", (event) => {
  if ([...all].some((item) => ["waiting", "sending"].includes(item.state))) event.preventDefault();
});
if (location.hash === "#choose") picker.focus();
