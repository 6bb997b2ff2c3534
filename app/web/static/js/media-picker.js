// The media picker: the library in a dialog. It is fetched when somebody first asks for it, with all its words.
import { choose } from "./pictures.js";
import { mayUpload, send } from "./sending.js";

let dialog = null;
let field = null; // the picture's field that asked
let sending = null;

const part = (name) => dialog.querySelector(`[data-${name}]`);
const picks = () => [...dialog.querySelectorAll("[data-pick]")];
const chosen = () => dialog.querySelector('[data-pick][aria-selected="true"]');

const complain = (text) => {
  part("error").querySelector("[data-text]").textContent = text;
  part("error").hidden = !text;
};

const select = (pick) => {
  for (const other of picks()) {
    other.setAttribute("aria-selected", String(other === pick));
    other.tabIndex = other === pick ? 0 : -1;
  }
  part("take").disabled = !pick;
  part("told").textContent = pick ? [pick.dataset.title, pick.dataset.facts].filter(Boolean).join(" · ") : "";
  if (!pick) {
    const [first] = picks();
    if (first) first.tabIndex = 0;
  }
};

const take = (made) => {
  choose(field, made);
  const shown = field.querySelector(".f-picture-shown");
  if (shown && made.picture?.thumb) {
    shown.src = made.picture.thumb;
    shown.hidden = false;
  }
  field.querySelector("select")?.dispatchEvent(new Event("change", { bubbles: true }));
  dialog.close();
};
const takeChosen = () => {
  const pick = chosen();
  if (pick) take({ id: pick.dataset.pick, title: pick.dataset.title, picture: { thumb: pick.dataset.picture } });
};

// ---- Searching, folders, more of them as one scrolls

let asked = null;
const load = async (address, isMore) => {
  asked?.abort();
  const mine = (asked = new AbortController());
  const answer = await fetch(address, { signal: mine.signal }).catch(() => null);
  if (mine.signal.aborted) return;
  if (!answer?.ok || answer.redirected) return complain(part("error").querySelector("[data-text]").dataset.fault);
  complain("");
  const body = part("picks");
  const held = document.createElement("div");
  held.innerHTML = await answer.text();
  if (!isMore) body.replaceChildren();
  dialog.querySelector("[data-more]")?.remove();
  body.append(...held.childNodes);
  if (!isMore) {
    body.scrollTop = 0;
    select(null);
  }
  watch();
};
const search = () => {
  const found = new URLSearchParams(new FormData(part("find")));
  found.set("part", "1");
  return load(`/pictures/picker?${found}`, false);
};
const watcher = new IntersectionObserver((entries) => {
  const end = entries.find((entry) => entry.isIntersecting)?.target;
  if (!end) return;
  watcher.disconnect();
  load(end.dataset.more, true);
}, { rootMargin: "400px" });
const watch = () => {
  watcher.disconnect();
  const end = dialog.querySelector("[data-more]");
  if (!end) return;
  end.hidden = false;
  watcher.observe(end);
};

// ---- By keyboard: arrows walk the pictures as they lie, Enter chooses

const walk = (event) => {
  const all = picks();
  const at = all.indexOf(document.activeElement);
  if (at < 0) return;
  const across = Math.max(1, all.filter((pick) => pick.offsetTop === all[0].offsetTop).length);
  const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
  const step = { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: across, ArrowUp: -across, Home: -all.length, End: all.length }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  select(next);
  next.focus();
};

// ---- A file that is sent from here is chosen at once

const upload = (file) => {
  complain("");
  part("progress").hidden = false;
  const bar = part("progress").querySelector("progress");
  bar.value = 0;
  sending = send(file, { onProgress: (share) => (bar.value = Math.round(share * 100)) });
  sending.promise.then(
    (made) => {
      part("progress").hidden = true;
      take(made);
    },
    ({ text, stopped }) => {
      part("progress").hidden = true;
      if (!stopped) complain(`${file.name}: ${text}`);
    },
  );
};

const build = async () => {
  const answer = await fetch("/pictures/picker").catch(() => null);
  if (!answer?.ok || answer.redirected) return location.reload(); // signed out: the page says so
  const held = document.createElement("div");
  held.innerHTML = await answer.text();
  document.head.append(held.querySelector("link"));
  dialog = held.querySelector("dialog");
  document.body.append(dialog);
  const uploads = dialog.querySelector("[data-upload-one]");
  if (uploads && !mayUpload) uploads.closest("label").remove();
  let timer = 0;
  part("find").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });
  part("find").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  dialog.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (pick) select(pick);
    else if (event.target.closest("[data-close]")) dialog.close();
    else if (event.target.closest("[data-take]")) takeChosen();
    else if (event.target.closest("[data-stop]")) sending?.stop();
    else if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("dblclick", (event) => event.target.closest("[data-pick]") && takeChosen());
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the form below has keys of its own
    if (event.target.matches("[data-pick]") && event.key === "Enter") {
      event.preventDefault();
      select(event.target);
      takeChosen();
    } else if (event.target.matches("input[type=search]") && event.key === "ArrowDown") {
      event.preventDefault();
      const [first] = picks();
      first?.focus();
      if (first) select(first);
    } else walk(event);
  });
  dialog.addEventListener("change", (event) => {
    if (!event.target.matches("[data-upload-one]")) return;
    const [file] = event.target.files;
    event.target.value = "";
    if (file) upload(file);
  });
  dialog.addEventListener("close", () => {
    sending?.stop();
    sending = null;
    field?.querySelector("[data-media-picker]")?.focus();
  });
};

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-media-picker]");
  if (!opener) return;
  event.preventDefault();
  field = opener.closest("[data-picture]");
  const style = document.querySelector('link[href*="media-picker"]');
  if (!style && opener.dataset.style) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: opener.dataset.style });
    document.head.append(link);
  }
  if (!dialog) await build();
  else search();
  select(null);
  dialog.showModal();
  watch();
  dialog.querySelector("input[type=search]").focus();
});
