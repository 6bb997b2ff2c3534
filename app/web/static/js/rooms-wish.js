// A wish for a time in a room: its inputs, and the guard's answer, asked anew after each change.
import { ask, sentences } from "./asking.js";
import { bindAside } from "./rooms-aside.js";
import { csrf, place, settings, words } from "./rooms-state.js";
import { added, minutesBetween } from "./wall-time.js";

const CALM = 200;

/** Ask the guard; gives {ok, status, facts} as `ask` does. */
export const judge = (wish) => ask(`${settings.url}judge`, { json: { zone: settings.zone, ...wish }, csrf });

const item = (text, icon = null, mark = "") => {
  const line = document.createElement("li");
  if (icon) line.append(place.querySelector(`[data-rule-icon="${icon}"]`).content.cloneNode(true));
  const said = document.createElement("span");
  said.textContent = text;
  line.append(said);
  line.className = mark;
  return line;
};

const priceLines = (told) => {
  const lines = told.lines.map((line) => {
    const made = item(line.words);
    const total = document.createElement("b");
    total.textContent = line.total;
    made.append(total);
    return made;
  });
  if (told.price) {
    const whole = item(told.difference || words.total, null, "is-total");
    const price = document.createElement("b");
    price.textContent = told.price;
    if (told.price_before && told.price_before !== told.price) {
      const before = document.createElement("del");
      before.textContent = told.price_before;
      whole.append(before);
    }
    whole.append(price);
    lines.push(whole);
  }
  for (const said of [told.note, told.paid_back]) if (said) lines.push(item(said));
  return lines;
};

/** Tie the inputs of a form to the guard. `fill` sets them, `wish` reads them, `again` asks at once. */
export const bindWish = (form, onAnswer = () => {}) => {
  const inputs = form.elements;
  const box = form.querySelector("[data-verdict]");
  const part = (name) => form.querySelector(`[data-${name}]`);
  let fixed = {}; // the booking, and the minutes that a drag keeps whatever the clocks do
  let asked = 0;
  let waiting = 0;
  let length = 60;
  let answered = null; // what the guard says of what the inputs hold, once it has said it

  // The buttons and the word above follow the answer, and the switch that sets its rules aside.
  const settle = () => {
    const isAside = Boolean(answered) && !answered.is_kept && aside.isOn();
    for (const button of form.querySelectorAll("[data-submits]")) button.disabled = !(answered && (answered.is_kept || isAside));
    if (!answered) return;
    box.dataset.kept = isAside ? "aside" : answered.is_same ? "unknown" : String(answered.is_kept);
    part("said").textContent = isAside ? words.set_aside : answered.said;
  };
  const aside = bindAside(form, settle);

  const wish = () => ({
    ...fixed,
    room: inputs.room.value,
    starts_at: inputs.starts_at.value,
    ends_at: inputs.ends_at.value,
    fold: inputs.fold.value,
    guests: Number.parseInt(inputs.guests?.value, 10) || null,
    set_aside: aside.chosen(),
  });

  // What stands against it is said; what is kept is there for who wants to know.
  const drawRules = (rules) => {
    const kept = rules.filter((rule) => rule.is_kept);
    const against = rules.filter((rule) => !rule.is_kept);
    part("rules").replaceChildren(...against.map((rule) => item(rule.sentence, "no", "is-against")));
    part("kept-rules").replaceChildren(...kept.map((rule) => item(rule.sentence, "yes")));
    part("kept-sum").textContent = against.length ? words.others_kept : words.all_kept;
    part("rules-kept").hidden = !kept.length;
  };

  const draw = (answer) => {
    const told = answer.facts;
    const isTold = answer.ok || Boolean(told.judgement);
    const shown = told.judgement || told;
    box.dataset.kept = "unknown";
    if (!isTold) part("said").textContent = answer.status ? sentences(told).join(" ") : words.offline;
    part("when").hidden = !isTold;
    part("when").textContent = isTold ? `${shown.when} · \u2068${shown.place}\u2069` : "";
    drawRules(isTold ? shown.rules : []);
    part("price").replaceChildren(...(isTold ? priceLines(shown) : []));
    if (told.errors?.fold) part("fold").hidden = false;
    answered = isTold ? shown : null;
    aside.draw(isTold ? shown.aside : null);
    settle();
    onAnswer(shown, isTold);
  };

  const again = async () => {
    clearTimeout(waiting);
    const mine = ++asked;
    box.setAttribute("aria-busy", "true");
    if (!inputs.room.value || !inputs.starts_at.value || !inputs.ends_at.value) return;
    const answer = await judge(wish());
    if (mine !== asked) return;
    box.removeAttribute("aria-busy");
    draw(answer);
  };
  const soon = () => {
    answered = null;
    aside.drop();
    settle();
    part("said").textContent = words.asking;
    clearTimeout(waiting);
    waiting = setTimeout(again, CALM);
  };

  // What is wished for may come again: its link leads on with the room and the time that stand here.
  const repeat = part("repeat");
  const leadOn = () => {
    const { room, starts_at, ends_at, fold } = wish();
    repeat.search = new URLSearchParams({ room, starts_at, ends_at, fold, zone: settings.zone });
  };
  for (const happened of ["pointerdown", "focus", "click"]) repeat?.addEventListener(happened, leadOn);

  form.addEventListener("input", ({ target }) => {
    if (target.name === "guests") soon();
    if (!["room", "starts_at", "ends_at", "fold"].includes(target.name) || !target.value) return;
    if (target.name !== "fold") {
      inputs.fold.value = "";
      part("fold").hidden = true;
    }
    if (target.name === "starts_at") inputs.ends_at.value = added(target.value, { seconds: length * 60 });
    if (target.name === "ends_at") delete fixed.minutes;
    length = Math.max(minutesBetween(inputs.starts_at.value, inputs.ends_at.value), 5);
    soon();
  });

  return {
    wish,
    again,
    draw,
    fill({ room, starts, ends, booking = null, minutes = null }) {
      fixed = { ...(booking && { booking }), ...(minutes && { minutes }) };
      inputs.room.value = room;
      inputs.starts_at.value = starts;
      inputs.ends_at.value = ends;
      inputs.fold.value = "";
      part("fold").hidden = true;
      length = minutesBetween(starts, ends);
      box.dataset.kept = "unknown";
      for (const name of ["rules", "price"]) part(name).replaceChildren();
      part("when").hidden = true;
      aside.draw(null);
      soon();
      return again();
    },
  };
};

/** Show a refusal of what was sent where the form tells it. */
export const refuse = (form, text) => {
  const line = form.querySelector("[data-refused]");
  line.hidden = !text;
  line.querySelector("span").textContent = text;
};
