// Speaks with the public API: language, tokens, retries. Refusals are thrown as their problem+json.
import { locale, notice } from "./page.js";

const ROOT = "/public/v1";
const KEPT = "festoon.refresh";
let access = null;
let refreshing = null;
const watchers = new Set();

export const signedIn = () => Boolean(access);
export const token = () => access;
export const onSignIn = (watcher) => watchers.add(watcher);
const told = () => watchers.forEach((watcher) => watcher());

export async function ask(method, path, { body, headers = {}, form, anonymous = false } = {}) {
  const answer = await send(method, path, { body, headers, form, anonymous });
  if (answer.status === 401 && access && !anonymous && (await refresh())) {
    return read(await send(method, path, { body, headers, form, anonymous }));
  }
  return read(answer);
}

export const get = (path, more) => ask("GET", path, more);
export const post = (path, body, more = {}) => ask("POST", path, { body, ...more });

function send(method, path, { body, headers, form, anonymous }) {
  const given = { "Accept-Language": locale(), ...headers };
  if (body !== undefined) given["Content-Type"] = "application/json";
  if (access && !anonymous) given.Authorization = `Bearer ${access}`;
  return fetch(ROOT + path, { method, headers: given, body: form ?? (body === undefined ? undefined : JSON.stringify(body)), credentials: "omit", cache: "no-cache" });
}

async function read(answer) {
  const text = await answer.text();
  const found = text ? JSON.parse(text) : null;
  if (!answer.ok) throw { status: answer.status, retryAfter: answer.headers.get("Retry-After"), ...found };
  return found;
}

// One wish, one key: the same key goes with every try, so a phone that retries books once.
export async function once(path, body, key) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await post(path, body, { headers: { "Idempotency-Key": key } });
    } catch (problem) {
      const mayPass = problem.status === undefined || problem.status >= 500 || (problem.status === 409 && problem.retryAfter);
      if (!mayPass || tries === 3) throw problem;
      await new Promise((resolve) => setTimeout(resolve, 400 * 2 ** tries));
    }
  }
}

export function keep(tokens) {
  access = tokens.access_token;
  localStorage.setItem(KEPT, tokens.refresh_token);
  told();
}

export function forget() {
  access = null;
  localStorage.removeItem(KEPT);
  told();
}

// A refresh token counts once; two tabs that wake together take turns.
export function refresh() {
  refreshing ??= navigator.locks.request("festoon.refresh", renew).finally(() => { refreshing = null; });
  return refreshing;
}

async function renew() {
  const kept = localStorage.getItem(KEPT);
  if (!kept) return false;
  try {
    const answer = await send("POST", "/auth/refresh", { body: { refresh_token: kept }, headers: {}, anonymous: true });
    if (answer.status === 401) {
      const { detail } = await answer.json();
      if (access) notice(detail); // signed out from elsewhere: the visitor is told why
      forget();
      return false;
    }
    keep(await read(answer));
    return true;
  } catch {
    return false;
  }
}

// What is signed in or out in one tab is so in every other.
addEventListener("storage", (event) => {
  if (event.key !== KEPT) return;
  if (event.newValue && !access) refresh();
  if (!event.newValue && access) forget();
});
