// Asks the server for facts or sends some, and gives what it answered, refusals with their sentences too.

const send = (url, { body, json, csrf, keepalive }) => {
  const headers = { Accept: "application/json", "X-Requested-With": "fetch" };
  const options = { headers, keepalive };
  if (body || json) {
    options.method = "POST";
    headers["X-CSRFToken"] = csrf || document.querySelector("[data-csrf]")?.dataset.csrf || "";
    if (json) headers["Content-Type"] = "application/json";
    options.body = json ? JSON.stringify(json) : new URLSearchParams(body);
  }
  return fetch(url, options).catch(() => null);
};
const read = async (answer) => {
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  const facts = isJson ? await answer.json().catch(() => ({})) : {};
  return { ok: answer.ok && !answer.redirected, status: answer.status, facts, html: isJson ? "" : await answer.text() };
};

// Who is signed out and holds what was typed stays on the page: the note leads to the sign-in beside it.
const NOTE = "signed-out";
const tellSignedOut = () => {
  const place = document.getElementById("notes");
  if (!place || document.getElementById(NOTE)) return;
  const { signedOut, signIn } = place.dataset;
  const shown = window.Festoon.note(signedOut, { tone: "warning" });
  const link = Object.assign(document.createElement("a"), { href: "/login/", target: "_blank", rel: "noopener", className: "f-note-undo", textContent: signIn });
  shown.id = NOTE;
  shown.querySelector("[data-dismiss]").before(link);
};

// A new session has a token of its own: the page takes it over. Gives "" while there is no session.
const renewToken = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[data-csrf]")?.dataset.csrf || "";
  if (!token) return "";
  for (const holder of document.querySelectorAll("[data-csrf]")) holder.dataset.csrf = token;
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  return token;
};

/**
 * Resolves with {ok, status, facts, html}; a line that is broken is status 0. With `keepalive` it outlives the page.
 * Where the session has ended the page is loaded anew; with `keeps` it stays, says so, and the answer is a 401.
 */
export const ask = async (url, { body = null, json = null, csrf = "", keepalive = false, keeps = false } = {}) => {
  let answer = await send(url, { body, json, csrf, keepalive });
  if (!answer) return { ok: false, status: 0, facts: {}, html: "" };
  if (answer.status === 401 && !keeps) location.reload();
  let told = await read(answer);
  if (!keeps) return told;
  if (told.facts.code === "forged") {
    const token = await renewToken();
    answer = token && (await send(url, { body, json, csrf: token, keepalive }));
    told = answer ? await read(answer) : { ...told, status: 401 };
  }
  if (told.status === 401) tellSignedOut();
  else if (told.ok) document.getElementById(NOTE)?.remove();
  return told;
};

/** Give the sentences of a refusal: those of its fields before its own. */
export const sentences = (facts) => {
  const own = Object.values(facts.errors || {}).flat();
  return own.length ? own : [facts.detail].filter(Boolean);
};
