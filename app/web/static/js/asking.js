// Asks the server for facts or sends some, and gives what it answered, refusals with their sentences too.

/** Resolves with {ok, status, facts, html}; a line that is broken is status 0. With `keepalive` it outlives the page. */
export const ask = async (url, { body = null, json = null, csrf = "", keepalive = false } = {}) => {
  const headers = { Accept: "application/json", "X-Requested-With": "fetch" };
  const options = { headers, keepalive };
  if (body || json) {
    options.method = "POST";
    headers["X-CSRFToken"] = csrf || document.querySelector("[data-csrf]")?.dataset.csrf || "";
    if (json) headers["Content-Type"] = "application/json";
    options.body = json ? JSON.stringify(json) : new URLSearchParams(body);
  }
  const answer = await fetch(url, options).catch(() => null);
  if (!answer) return { ok: false, status: 0, facts: {}, html: "" };
  if (answer.status === 401) location.reload();
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  const facts = isJson ? await answer.json().catch(() => ({})) : {};
  return { ok: answer.ok && !answer.redirected, status: answer.status, facts, html: isJson ? "" : await answer.text() };
};

/** Give the sentences of a refusal: those of its fields before its own. */
export const sentences = (facts) => {
  const own = Object.values(facts.errors || {}).flat();
  return own.length ? own : [facts.detail].filter(Boolean);
};
