// Inputs that know what they hold: JSON, colours, money, addresses, and how much room is left.
import { ask } from "./asking.js";
import { firstFault } from "./json-fault.js";
import "./zones.js";

const form = document.querySelector("[data-form]");

// JSON: said as it is typed; a fault with its line.
const judgeJson = (area) => {
  const state = area.parentElement.querySelector("[data-json-state]");
  const text = area.value;
  let fault = "";
  if (text.trim()) {
    const at = firstFault(text);
    if (at >= text.trimEnd().length) fault = area.dataset.faultEnd;
    else if (at >= 0) fault = area.dataset.fault.replace("{line}", text.slice(0, at).split("\n").length);
  }
  state.hidden = !text.trim();
  state.dataset.state = fault ? "bad" : "good";
  if (state.textContent !== (fault || area.dataset.good)) state.textContent = fault || area.dataset.good;
  area.classList.toggle("is-invalid", Boolean(fault));
  area.setAttribute("aria-invalid", String(Boolean(fault)));
};
for (const area of form.querySelectorAll("[data-json]")) {
  let waiting = 0;
  area.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(judgeJson, 250, area);
  });
  if (area.value.trim() && !area.classList.contains("is-invalid")) judgeJson(area);
  // Tab stays the key that leads on; two blanks come with the line above.
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const before = area.value.slice(0, area.selectionStart).split("\n").pop();
    const blanks = /^\s*/.exec(before)[0] + (/[[{]\s*$/.test(before) ? "  " : "");
    event.preventDefault();
    area.setRangeText(`\n${blanks}`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Lengths of time are typed as 90, 1:30 or 2h; beside them stands what that is. The template's new rows are heard, too.
const minutesOf = (typed) => {
  const clock = /^(\d{1,5}):([0-5]\d)$/.exec(typed);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const said = /^(?:(\d{1,4})\s*d)?\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*(?:m|min)?)?$/i.exec(typed);
  if (!typed || !said) return NaN;
  return Number(said[1] ?? 0) * 1440 + Number(said[2] ?? 0) * 60 + Number(said[3] ?? 0);
};
const lastingOf = (minutes) => {
  const parts = [["day", Math.floor(minutes / 1440)], ["hour", Math.floor((minutes % 1440) / 60)], ["minute", minutes % 60]];
  const told = parts.filter(([, count]) => count);
  const style = told.length > 1 ? "short" : "long";
  const worded = (told.length ? told : [["minute", 0]]).map(([unit, count]) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: style }).format(count),
  );
  return worded.join(" ");
};
const tellLasting = (input) => {
  const minutes = minutesOf(input.value.trim());
  input.parentElement.querySelector("[data-lasting]").textContent = Number.isNaN(minutes) ? "" : lastingOf(minutes);
};
for (const name of ["input", "change"]) {
  form.addEventListener(name, (event) => {
    if (event.target.matches("[data-minutes]")) tellLasting(event.target);
  });
}

// Colours: the picker and the text are one; what can be read on it is said.
const channel = (part) => {
  const value = parseInt(part, 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
const light = (hex) => 0.2126 * channel(hex.slice(1, 3)) + 0.7152 * channel(hex.slice(3, 5)) + 0.0722 * channel(hex.slice(5, 7));
const whole = (typed) => {
  const digits = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(typed.trim())?.[1].toLowerCase();
  return digits && `#${digits.length === 6 ? digits : [...digits].map((one) => one + one).join("")}`;
};
for (const box of form.querySelectorAll("[data-colour]")) {
  const [pick, text] = box.querySelectorAll("input");
  const hint = box.parentElement.querySelector("[data-contrast]");
  const show = () => {
    const hex = whole(text.value);
    hint.hidden = !hex;
    box.classList.toggle("is-none", !hex);
    if (!hex) return;
    pick.value = hex;
    for (const [name, other] of [["white", 1], ["black", 0]]) {
      const [high, low] = [Math.max(light(hex), other), Math.min(light(hex), other)];
      const ratio = (high + 0.05) / (low + 0.05);
      const verdict = ratio >= 4.5 ? box.dataset.good : ratio >= 3 ? box.dataset.large : box.dataset.bad;
      const sample = hint.querySelector(`[data-on=${name}]`);
      sample.style.setProperty("--colour", hex);
      sample.textContent = box.dataset[name].replace("{ratio}", `${ratio.toFixed(1)} : 1`).replace("{verdict}", verdict);
      sample.dataset.verdict = ratio >= 4.5 ? "good" : ratio >= 3 ? "large" : "bad";
    }
  };
  pick.addEventListener("input", () => {
    text.value = pick.value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  text.addEventListener("input", show);
  text.addEventListener("blur", () => {
    const hex = whole(text.value);
    if (hex && hex !== text.value) {
      text.value = hex;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  show();
}

// Money stands in the record's currency, also while that is being changed.
const currency = form.querySelector("#i-currency");
currency?.addEventListener("change", () => {
  for (const code of form.querySelectorAll("[data-currency-code]")) code.textContent = currency.value;
});

// Another place has other clocks: which, is said at once.
for (const words of form.querySelectorAll("[data-clock-of]")) {
  const { clockOf: beside, clockUrl: url } = words.dataset;
  const place = form.querySelector(`#i-${beside}`);
  place?.addEventListener("change", async () => {
    const chosen = place.value;
    const answer = await ask(`${url}?${new URLSearchParams({ beside, place: chosen })}`);
    if (answer.ok && place.value === chosen) words.textContent = answer.facts.words;
  });
}

// An address in use: what comes of a change of it is said while it is typed.
for (const warning of form.querySelectorAll("[data-slug-held]")) {
  const input = warning.parentElement.querySelector("input");
  input?.addEventListener("input", () => (warning.hidden = input.value.trim() === warning.dataset.slugHeld));
}

// How many characters are left, from four fifths of the room on.
form.addEventListener("input", (event) => {
  const input = event.target;
  const most = input.maxLength;
  if (!(most > 20) || input.type === "hidden" || !input.matches("input, textarea")) return;
  let told = input.parentElement.querySelector(":scope > .f-left");
  const left = most - input.value.length;
  if (left > most / 5) {
    told?.remove();
    return;
  }
  if (!told) {
    told = Object.assign(document.createElement("p"), { className: "f-help f-left" });
    told.setAttribute("aria-live", "polite");
    input.after(told);
  }
  told.textContent = form.dataset.left.replace("{count}", left);
  told.classList.toggle("is-full", left === 0);
});
