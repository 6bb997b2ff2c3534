// A text that was just saved and is still being typed: what is said about it is renewed, what is typed stays as it is.
import { desk, form, inputs, pass, valuesOf } from "./workbench-text.js";

const read = (text) => new DOMParser().parseFromString(text, "text/html").body.textContent;
const alike = (one, other, isRich) => {
  const [a, b] = [one, other].map((text) => (isRich ? read(text) : text).normalize("NFC").replace(/\s+/g, " ").trim());
  return a === b;
};

// One part takes the place of another of the same kind, or goes.
const exchange = (within, fresh, selector) => {
  const [old, next] = [within.querySelector(selector), fresh.querySelector(selector)];
  if (next) old?.replaceWith(next);
  else old?.remove();
};

// Around the input: the source and its changes, the revision, suggestions, the state, whether it is kept.
const renewBox = (box, fresh, isOurs) => {
  const [target, freshTarget] = [box.querySelector(".w-target"), fresh.querySelector(".w-target")];
  for (const name of ["revision", "source", "before"]) {
    if (!isOurs) fresh.querySelector(`[name^="${name}-"]`).replaceWith(box.querySelector(`[name^="${name}-"]`));
  }
  for (const old of [...box.children]) if (old !== target) old.remove();
  for (const next of [...fresh.children]) if (next !== freshTarget) target.before(next);
  exchange(target, freshTarget, ".w-reason");
  exchange(target, freshTarget, ".w-target-head");
  target.querySelector("[data-kept]")?.remove();
  pass(target);
};

/**
 * Renew what is said about the text on the page. `sent` are the texts as they were saved: where something else is
 * stored by now, somebody else was faster, and the next save asks which of the two it is to be.
 */
export const renew = (page, sent = null) => {
  const fresh = page.getElementById("desk");
  const focused = document.activeElement;
  for (const input of inputs()) {
    const [box, next] = [input, fresh.querySelector(`#${CSS.escape(input.id)}`)].map((one) => one?.closest("[data-box]"));
    if (!next) continue;
    const stored = next.querySelector("[data-stored]").value;
    const isRich = input.closest("[data-rich]") !== null;
    const known = [valuesOf(sent)[input.name], box.querySelector("[data-stored]").value];
    renewBox(box, next, !sent || known.some((text) => text !== undefined && alike(text, stored, isRich)));
  }
  form().querySelector("[data-refused]")?.remove();
  for (const old of form().querySelectorAll(".w-rule")) old.remove();
  exchange(form(), fresh, ".w-acts");
  form().querySelector(".w-acts").after(...fresh.querySelectorAll(".w-rule"));
  exchange(desk(), fresh, ".w-aside");
  Object.assign(desk().dataset, fresh.dataset);
  return focused === document.body || focused?.isConnected;
};
