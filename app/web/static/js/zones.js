// Time zones found by city, country's time or offset; tags that are typed and kept as chips.
import { letType } from "./typing.js";

const locale = document.documentElement.lang || "en";

const partOf = (zone, style, at) => {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: style }).formatToParts(at).find((part) => part.type === "timeZoneName").value;
  } catch {
    return "";
  }
};
// Browsers still know some cities by names that they have left behind.
const RENAMED = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};
let known;
const allZones = () => {
  if (known) return known;
  const now = new Date();
  const names = Intl.supportedValuesOf("timeZone").filter((name) => name.includes("/") && !name.startsWith("Etc/"));
  known = ["UTC", ...names].map((old) => {
    const name = RENAMED[old] || old;
    const city = name.split("/").pop().replaceAll("_", " ");
    const offset = partOf(name, "shortOffset", now);
    return { value: name, text: city, old, line: [name.includes("/") ? name.split("/")[0] : "", offset].filter(Boolean).join(" · "), offset };
  });
  return known;
};
// The names that a language gives to times are many and slow: only those in sight are asked for.
const named = (item) => (item.long ??= partOf(item.value, "longGeneric", new Date()));

const row = (item, escape) =>
  `<div class="f-select-line"><span>${escape(item.text)}<small>${escape([named(item), item.line || ""].filter(Boolean).join(" · "))}</small></span></div>`;
const chosen = (item, escape) => `<div class="f-select-line"><span dir="ltr">${escape(item.value)}</span></div>`;

const dressZone = (input) => {
  if (input.tomselect) return;
  const now = input.parentElement.querySelector("[data-zone-now]");
  const showTime = () => {
    let time = "";
    try {
      if (input.value) time = new Intl.DateTimeFormat(locale, { timeZone: input.value, weekday: "short", hour: "2-digit", minute: "2-digit" }).format(new Date());
    } catch {
      // Not a zone that this browser knows.
    }
    now.hidden = !time;
    now.textContent = input.dataset.now.replace("{time}", time);
  };
  showTime();
  const { placeholder, none, clear } = input.dataset;
  const select = new window.TomSelect(input, {
    maxItems: 1,
    maxOptions: 60,
    valueField: "value",
    labelField: "text",
    searchField: ["text", "value", "old", "offset", "long"],
    options: input.value ? [{ value: input.value, text: input.value }] : [],
    items: input.value ? [input.value] : [],
    placeholder,
    hidePlaceholder: true,
    create: false,
    refreshThrottle: 0,
    render: { option: row, item: chosen, no_results: () => `<div class="f-select-none">${none}</div>` },
    onFocus() {
      if (Object.keys(this.options).length > 1) return;
      for (const zone of allZones()) {
        if (zone.value in this.options) this.updateOption(zone.value, zone);
        else this.addOption(zone);
      }
      this.refreshOptions(true);
    },
  });
  letType(select);
  input.setAttribute("aria-hidden", "true");
  for (const name of ["aria-describedby", "aria-invalid"]) if (input.hasAttribute(name)) select.control_input.setAttribute(name, input.getAttribute(name));
  if (!input.required) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "f-select-clear", textContent: "×", title: clear });
    button.setAttribute("aria-label", clear);
    button.addEventListener("click", () => select.clear());
    select.wrapper.append(button);
  }
  select.on("change", () => {
    showTime();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
};

const dressTags = (input) => {
  if (input.tomselect) return;
  const { words, create, clear } = input.dataset;
  const select = new window.TomSelect(input, {
    delimiter: ",",
    create: (text) => (text.trim() ? { value: text.trim(), text: text.trim() } : false),
    createOnBlur: true,
    persist: false,
    placeholder: words,
    hidePlaceholder: true,
    plugins: { remove_button: { title: clear } },
    render: { option_create: (data, escape) => `<div class="create f-select-line">${escape(create.replace("{tag}", data.input))}</div>`, no_results: null },
  });
  letType(select);
  input.setAttribute("aria-hidden", "true");
  select.on("change", () => input.dispatchEvent(new Event("input", { bubbles: true })));
};

const dressAll = (root) => {
  for (const input of root.querySelectorAll("[data-zone]")) dressZone(input);
  for (const input of root.querySelectorAll("[data-tags]")) dressTags(input);
};
dressAll(document);
document.addEventListener("festoon:row", (event) => dressAll(event.target));
