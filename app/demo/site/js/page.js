// The parts every view is made of: elements without markup in strings, words, one sheet, one notice.

export function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const find = (selector, root = document) => root.querySelector(selector);

// While staff translate on the site itself, its texts say where they come from; a visitor's page never says it.
export const translates = "translate" in document.documentElement.dataset;
export function text(tag, facts, words, place, lines) {
  if (!translates || !words) return make(tag, facts, words);
  return make(tag, { ...facts, dir: "auto", "data-text": place, "data-lines": lines }, make("span", { "data-words": true }, words));
}

const words = { locale: "en", own: {}, source: {} };
export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español", hi: "हिन्दी", ar: "العربية" };

export async function speak(locale) {
  const read = async (name) => (await fetch(new URL(`../words/${name}.json`, import.meta.url))).json();
  words.source = Object.keys(words.source).length ? words.source : await read("en");
  words.own = locale === "en" ? words.source : await read(locale);
  words.locale = locale;
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === "ar" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
}

export function say(key, facts = {}) {
  const text = words.own[key] ?? words.source[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
}

export const locale = () => words.locale;
export const day = (text) => new Intl.DateTimeFormat(words.locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${text.slice(0, 10)}T00:00:00Z`));
export const clock = (text) => new Intl.DateTimeFormat(words.locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(text));
export const moment = (text) => new Intl.DateTimeFormat(words.locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));

export function money(amount) {
  if (!amount) return "";
  const format = new Intl.NumberFormat(words.locale, { style: "currency", currency: amount.currency });
  const digits = format.resolvedOptions().maximumFractionDigits;
  return format.format(amount.minor / 10 ** digits);
}

export function picture(facts, sizes, more = {}) {
  if (!facts) return make("div", { class: "no-picture", "aria-hidden": "true" });
  const image = make("img", {
    src: facts.url, alt: more.alt ?? facts.alt ?? "", width: String(facts.width), height: String(facts.height), loading: more.loading ?? "lazy", decoding: "async",
  });
  if (facts.focal) image.style.objectPosition = `${facts.focal.x * 100}% ${facts.focal.y * 100}%`;
  const kinds = ["avif", "webp", "jpeg"].filter((kind) => facts.srcset?.[kind]);
  if (!kinds.length) return image;
  const sources = kinds.map((kind) => make("source", { type: `image/${kind}`, srcset: facts.srcset[kind], sizes }));
  return make("picture", {}, ...sources, image);
}

export function open(title, ...content) {
  const sheet = find("#sheet");
  const close = make("button", { type: "button", class: "close", "aria-label": say("close"), onclick: () => sheet.close() }, "×");
  sheet.replaceChildren(make("header", {}, make("h2", { id: "sheet-title" }, title), close), make("div", { class: "sheet-body" }, ...content));
  if (!sheet.open) {
    history.pushState({ sheet: true }, "");
    sheet.showModal();
  }
  sheet.scrollTop = 0;
  return sheet;
}

export const shut = () => find("#sheet").close();

// The way back closes a sheet, as a phone's visitors expect, and closing it takes the step out of the history.
export function watchSheet() {
  const sheet = find("#sheet");
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
  sheet.addEventListener("close", () => { if (history.state?.sheet) history.back(); });
  addEventListener("popstate", () => { if (sheet.open && !history.state?.sheet) sheet.close(); });
}

let quiet;
export function notice(text) {
  const toast = find("#toast");
  toast.textContent = text;
  if (toast.matches(":popover-open")) toast.hidePopover();
  toast.showPopover(); // above an open sheet, too
  clearTimeout(quiet);
  quiet = setTimeout(() => toast.hidePopover(), 5000);
}

// A field of a form, with room for what the server has to say about it.
export function field(name, label, facts = {}, help = "") {
  const id = `f-${name}`;
  const kind = facts.options ? "select" : facts.rows ? "textarea" : "input";
  const { options, ...rest } = facts;
  const control = make(kind, { id, name, "aria-describedby": `${id}-said`, ...rest }, ...(options ?? []).map(([value, text]) => make("option", { value, selected: value === facts.value }, text)));
  if (kind === "textarea" && facts.value) control.value = facts.value;
  return make("div", { class: "field" }, make("label", { for: id }, label, facts.required ? "" : make("span", { class: "may" }, ` ${say("optional")}`)), control, make("p", { class: "said", id: `${id}-said` }, help));
}

// Put what the server refused beside its field; what belongs to none goes above the form.
export function complain(form, problem) {
  for (const control of form.elements) control.removeAttribute("aria-invalid");
  for (const said of form.querySelectorAll(".said[data-wrong]")) { said.textContent = ""; delete said.dataset.wrong; }
  const rest = [];
  for (const [name, sentences] of Object.entries(problem.errors ?? {})) {
    const control = form.elements.namedItem(name);
    const said = control && form.querySelector(`#${CSS.escape(control.id)}-said`);
    if (!said) { rest.push(...sentences); continue; }
    control.setAttribute("aria-invalid", "true");
    said.textContent = sentences.join(" ");
    said.dataset.wrong = "yes";
  }
  if (!Object.keys(problem.errors ?? {}).length) rest.push(problem.detail || say("went_wrong"));
  const summary = form.querySelector(".summary");
  summary.textContent = rest.join(" ");
  summary.hidden = !rest.length;
  (form.querySelector("[aria-invalid]") ?? summary).focus?.();
}

// A form that sends once at a time and shows what was refused.
export function form(fields, button, send) {
  const submit = make("button", { class: "button", type: "submit" }, button);
  const element = make("form", { novalidate: true }, make("p", { class: "summary", hidden: true, tabindex: "-1", role: "alert" }), ...fields, make("p", { class: "send" }, submit));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    submit.dataset.busy = "yes";
    try {
      await send(Object.fromEntries(new FormData(element)), element);
    } catch (problem) {
      complain(element, problem.status === undefined ? { detail: say("no_network") } : problem);
    } finally {
      submit.disabled = false;
      delete submit.dataset.busy;
    }
  });
  return element;
}
