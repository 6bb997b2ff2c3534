// A form: Save wakes up when something changed, leaving unsaved is asked about, languages stand side by side.
import { addressOf } from "./addresses.js";
import { typed } from "./early.js";
import { reveal } from "./form-layout.js";
import { standsInForm } from "./neighbours.js";
import "./pictures.js";
import "./texts.js";

const form = document.querySelector("[data-form]");
const saves = [...form.querySelectorAll("[data-save]")];
const note = form.querySelector("[data-dirty-text]");

// What the form would send, as text: typing something and taking it back leaves nothing to save.
const shape = () =>
  JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name + value.size : value]));
let clean = "";
let isDirty = false;
let isSent = false;
const judge = () => {
  const was = isDirty;
  isDirty = "dirty" in form.dataset || shape() !== clean;
  const isSending = "sending" in form.dataset; // pictures that are still under way
  const isAwake = isDirty || "begun" in form.dataset; // what came begun may be saved as it is, and left unasked
  for (const button of saves) button.disabled = !isAwake || isSending;
  form.querySelector(".f-split")?.classList.toggle("is-asleep", !isAwake);
  if (note) note.hidden = !isDirty;
  if (was !== isDirty) form.dispatchEvent(new CustomEvent("festoon:dirty", { detail: isDirty }));
};
let waiting = 0;
const judgeSoon = () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(judge);
};
for (const name of ["input", "change", "festoon:changed"]) form.addEventListener(name, judgeSoon);
form.addEventListener("submit", () => (isSent = true));
addEventListener("beforeunload", (event) => {
  if (isDirty && !isSent && !("kept" in form.dataset)) event.preventDefault(); // what the server keeps may be left
});
addEventListener("pageshow", (event) => {
  if (event.persisted) isSent = false;
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  judge(); // what was typed a moment ago counts
  if (saves[0] && !isSent && !saves[0].disabled) form.requestSubmit(saves[0]);
});
for (const other of document.querySelectorAll("dialog form[method=post]")) other.addEventListener("submit", () => (isSent = true));

// Languages: one beside the source, remembered from form to form.
const languages = [...form.querySelectorAll("[data-language]")];
const split = form.querySelector("[data-split]");
const remember = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing still translates.
  }
};
const remembered = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const showLanguage = (locale) => {
  for (const button of languages) button.setAttribute("aria-pressed", String(button.dataset.language === locale));
  for (const field of form.querySelectorAll("[data-locale]")) field.classList.toggle("is-shown", field.dataset.locale === locale);
  document.dispatchEvent(new Event("festoon:shown"));
};
const shownLanguage = () => languages.find((button) => button.getAttribute("aria-pressed") === "true")?.dataset.language;
const setSplit = (isSplit) => {
  form.classList.toggle("is-single", !isSplit);
  split.setAttribute("aria-pressed", String(isSplit));
  if (!form.closest(".f-in-drawer")) remember("split", isSplit ? "yes" : "no");
};
if (languages.length) {
  const faulty = form.querySelector("[data-locale]:has(.is-invalid)")?.dataset.locale;
  const wish = faulty || new URLSearchParams(location.search).get("language") || remembered("language");
  showLanguage(languages.some((button) => button.dataset.language === wish) ? wish : languages[0].dataset.language);
  const isInDrawer = form.closest(".f-in-drawer") !== null; // narrow: the source first
  setSplit(Boolean(faulty) || (!isInDrawer && remembered("split") !== "no"));
  for (const button of languages) {
    button.addEventListener("click", () => {
      showLanguage(button.dataset.language);
      setSplit(true);
      remember("language", button.dataset.language);
    });
  }
  split.addEventListener("click", () => setSplit(split.getAttribute("aria-pressed") !== "true"));
  form.addEventListener("festoon:row", () => showLanguage(shownLanguage()));
}

// A link of the summary leads to its input, also when that is in a hidden language.
document.querySelector("[data-summary]")?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const target = link && document.querySelector(link.getAttribute("href"));
  if (!target) return;
  event.preventDefault();
  const locale = target.closest("[data-locale]")?.dataset.locale;
  if (locale) {
    showLanguage(locale);
    setSplit(true);
  }
  reach(target);
});
const reach = (target) => {
  reveal(target);
  (target.tomselect || target.closest("[data-rich]")?.querySelector("[contenteditable]") || target).focus?.();
  (target.closest(".f-field") || target).scrollIntoView({ block: "center" });
};
// After a refusal one stands in the first field at fault; the summary has said it aloud.
document.querySelector("[data-first]")?.focus();
const summary = document.querySelector("[data-summary]");
if (summary) {
  const first = document.querySelector(summary.querySelector("a")?.getAttribute("href") || "#none");
  if (first) requestAnimationFrame(() => reach(first));
  else summary.focus();
}

// Small verbs beside inputs: copy the source, take what somebody else saved, show the picked picture.
const write = (input, value) => {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
};
form.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    write(document.getElementById(copy.dataset.into), document.getElementById(copy.dataset.copy).value);
    copy.remove();
  }
  const take = event.target.closest("[data-take]")?.closest("[data-theirs]");
  if (take) {
    write(document.getElementById(take.dataset.for), take.dataset.theirs);
    take.remove();
  }
});
form.addEventListener("change", (event) => {
  const picture = event.target.closest("[data-picture]");
  if (!picture || !event.target.matches("select")) return;
  const shown = picture.querySelector(".f-picture-shown");
  const chosen = event.target.tomselect?.options[event.target.value];
  if (chosen?.picture) shown.src = chosen.picture;
  shown.hidden = !event.target.value;
});

// A slug follows the name until somebody writes it; that of another language is offered.
const slug = form.querySelector("[data-slug]");
const named = form.querySelector('#i-name, #i-title');
if (slug && named && !slug.value && !slug.readOnly) {
  slug.addEventListener("input", (event) => event.isTrusted && (slug.dataset.own = "yes"));
  const follow = () => {
    if (!slug.dataset.own) slug.value = addressOf(named.value, "en", slug.maxLength);
  };
  named.addEventListener("input", follow);
  if (named.value) follow(); // a form may come with a name
}
for (const offer of form.querySelectorAll("[data-slug-from]")) {
  const into = document.getElementById(offer.dataset.into);
  const name = named && document.getElementById(`${named.id}-${offer.dataset.slugFrom}`);
  const look = () => {
    const offered = name ? addressOf(name.value, offer.dataset.slugFrom, into.maxLength) : "";
    offer.querySelector("bdi").textContent = offered;
    offer.hidden = !offered || offered === into.value || offered === slug?.value;
  };
  name?.addEventListener("input", look);
  into.addEventListener("input", look);
  offer.addEventListener("click", () => write(into, offer.querySelector("bdi").textContent));
  look();
}

// Who came by a key goes on in the first field; beside another form one goes on with what is missing.
const standIn = (isWanted) => {
  const free = [...form.querySelectorAll("input, textarea, select")].filter((one) => !one.disabled && !one.readOnly && !["hidden", "button", "submit"].includes(one.type));
  const found = free.find((one) => one.getClientRects().length && isWanted(one));
  if (found) requestAnimationFrame(() => (found.tomselect || found.closest("[data-rich]")?.querySelector("[contenteditable]") || found).focus());
};
const isByKey = standsInForm();
if (summary || document.querySelector("[data-first]")) {
  // They stand where something is at fault.
} else if (form.closest(".f-in-drawer")) standIn((one) => one.required && !one.value);
else if (isByKey) standIn(() => true);

// Long texts grow as they are written.
if (!CSS.supports("field-sizing", "content")) {
  const grow = (area) => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, 480)}px`;
  };
  const growAll = () => form.querySelectorAll("textarea[data-grows]").forEach(grow);
  form.addEventListener("input", (event) => event.target.matches("[data-grows]") && grow(event.target));
  document.addEventListener("festoon:shown", growAll);
  growAll();
}

// What the selects and the rows did to the form while the page was made is no change of the reader's.
requestAnimationFrame(() => {
  clean = typed() ? "" : shape();
  judge();
});
