// Notes at the edge of the screen: good news leaves by itself, bad news stays until it is read.
const place = document.getElementById("notes");
const STAYS = 7000;
const STAYS_TO_UNDO = 12000;

const dismiss = (shown) => {
  shown.classList.add("is-leaving");
  setTimeout(() => shown.remove(), 200);
};

const leaveLater = (shown) => {
  if (!["success", "info", "undo"].includes(shown.dataset.tone)) return;
  const time = shown.querySelector("[data-undoes]") ? STAYS_TO_UNDO : STAYS;
  let timer = setTimeout(() => dismiss(shown), time);
  const stay = () => clearTimeout(timer);
  const go = () => (timer = setTimeout(() => dismiss(shown), 3000));
  shown.addEventListener("pointerenter", stay);
  shown.addEventListener("pointerleave", go);
  shown.addEventListener("focusin", stay);
  shown.addEventListener("focusout", go);
};

const symbols = { success: "circle-check", danger: "alert-circle", warning: "alert-triangle", info: "info-circle" };
const symbol = (name) => {
  const known = document.querySelector("svg.icon use");
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${known.getAttribute("href").split("#")[0]}#${name}`);
  icon.append(use);
  return icon;
};

/** Say something; with `undo` ({words, do}) it can be taken back for a while. Words come from the page. */
export const note = (text, { tone = "success", undo = null } = {}) => {
  const shown = document.createElement("div");
  shown.className = "f-note";
  shown.dataset.tone = tone;
  const sentence = document.createElement("p");
  sentence.dir = "auto";
  sentence.textContent = text;
  shown.append(symbol(symbols[tone] || symbols.info), sentence);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "f-note-undo";
    button.dataset.undoes = "";
    button.textContent = undo.words;
    button.addEventListener("click", () => {
      dismiss(shown);
      undo.do();
    });
    shown.append(button);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "f-tool";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", place.dataset.dismissWords);
  close.append(symbol("x"));
  shown.append(close);
  place.append(shown);
  leaveLater(shown);
  return shown;
};

/** Post fields to an address of ours; resolves with whether it was done, what came back, and the sentence of a refusal. */
export const post = async (url, fields) => {
  const body = new URLSearchParams();
  for (const [name, value] of fields) body.append(name, value);
  const csrf = document.getElementById("palette")?.dataset.csrf;
  const headers = { "X-Requested-With": "fetch", "X-CSRFToken": csrf, Accept: "application/json" };
  const answer = await fetch(url, { method: "POST", body, headers, keepalive: true }).catch(() => null);
  const read = answer && answer.status !== 204 ? await answer.json().catch(() => null) : null;
  const ok = Boolean(answer?.ok);
  return { ok, facts: ok ? read : null, refusal: ok ? "" : read?.detail || "" };
};

for (const shown of document.querySelectorAll("[data-note]")) leaveLater(shown);
document.addEventListener("click", (event) => {
  const shown = event.target.closest("[data-dismiss]")?.closest(".f-note");
  if (shown) dismiss(shown);
});

window.Festoon = Object.assign(window.Festoon || {}, { note, post });
