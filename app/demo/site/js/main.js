// The sample site: content in the visitor's language, booking, an account and the chat, all through the public API.
import { LANGUAGES, find, make, notice, say, speak, locale, watchSheet } from "./page.js";
import * as api from "./api.js";
import { showCatalogue } from "./catalogue.js";
import { openAccount, openForgot, openReset, verify } from "./account.js";
import { openStatus } from "./booking.js";
import { startChat, visit } from "./chat.js";

const KEPT = "festoon.language";

function preferred() {
  const wanted = [document.documentElement.dataset.translate, new URLSearchParams(location.search).get("lang"), localStorage.getItem(KEPT), ...navigator.languages];
  return wanted.map((tag) => tag?.slice(0, 2)).find((tag) => tag in LANGUAGES) ?? "en";
}

async function turnTo(language) {
  await speak(language);
  localStorage.setItem(KEPT, language);
  find("#language").value = language;
  nameAccount();
  await showCatalogue();
}

function nameAccount() {
  find("#account").textContent = say(api.signedIn() ? "account" : "sign_in");
}

// What a mail's link asks for stands behind the #, which no server and no other site is told.
async function follow() {
  const [what, value] = location.hash.slice(1).split("=", 2);
  if (!value) { visit(); return; }
  history.replaceState(null, "", location.pathname + location.search);
  const token = decodeURIComponent(value);
  if (what === "booking") await openStatus(token);
  else if (what === "verify") await verify(token);
  else if (what === "reset") openReset(token);
  else if (what === "forgot") openForgot("");
  else if (what === "login") openAccount();
}

async function start() {
  const select = find("#language");
  select.append(...Object.entries(LANGUAGES).map(([tag, name]) => make("option", { value: tag, lang: tag }, name)));
  select.addEventListener("change", () => turnTo(select.value));
  find("#account").addEventListener("click", openAccount);
  watchSheet();
  api.onSignIn(nameAccount);
  addEventListener("hashchange", follow);
  addEventListener("offline", () => notice(say("no_network")));
  await speak(preferred());
  await api.refresh();
  await turnTo(locale());
  startChat();
  await follow();
}

start();
