// What goes to the server and comes back, what this machine remembers, and small notes to the reader.
export const inbox = document.getElementById("inbox");
export const words = document.getElementById("words-of-inbox").dataset;
export const base = inbox.dataset.base;
export const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");

/** Ask for a part of the page; a body is posted. Throws {status, detail}. */
export const ask = async (url, part, body, signal) => {
  const headers = { Accept: "application/json", "X-Part": part };
  if (body) headers["X-CSRFToken"] = inbox.dataset.csrf;
  const options = { headers, signal, credentials: "same-origin", ...(body ? { method: "POST", body } : {}) };
  const answer = await fetch(url, options);
  if (answer.status === 401) location.reload();
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    const sentences = Object.values(problem.errors || {}).flat();
    throw Object.assign(new Error(problem.detail || ""), { status: answer.status, detail: sentences[0] || problem.detail });
  }
  return answer.headers.get("Content-Type")?.includes("json") ? answer.json() : answer.text();
};

export const form = (facts) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(facts)) body.set(name, value);
  return body;
};

/** Make elements of what the server wrote; it has escaped every text. */
export const parse = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
};

export const icon = (name, className = "icon") => {
  const known = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${known}#${name}`);
  svg.append(use);
  return svg;
};

// What was typed and is not sent yet stays on this machine, whatever happens to the page.
const store = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing still sends.
  }
};
const recall = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};
const mine = (kind, id) => `festoon.inbox.${inbox.dataset.me}.${kind}.${id}`;
export const draftOf = (id) => recall(mine("draft", id));
export const keepDraft = (id, draft) => store(mine("draft", id), draft?.text.trim() ? draft : null);
export const unsentOf = (id) => recall(mine("unsent", id)) || [];
export const keepUnsent = (id, list) => store(mine("unsent", id), list.length ? list : null);
export const wish = (name, value) => (value === undefined ? recall(mine("wish", name)) : store(mine("wish", name), value));

export const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Say something to a screen reader. */
export const announce = (text) => {
  document.querySelector("[data-said]").textContent = text;
};

/** Tell of something that failed. */
export const note = (text) => {
  const box = document.createElement("div");
  const words_ = document.createElement("p");
  box.className = "f-note";
  box.dataset.tone = "danger";
  words_.dir = "auto";
  words_.textContent = text || words.gone;
  box.append(icon("alert-circle"), words_);
  document.getElementById("notes").append(box);
  setTimeout(() => box.remove(), 6000);
};
