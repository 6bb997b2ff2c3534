// Goes to another state of the same list: the parts that change are fetched and replaced, the address is kept.
import { note } from "./notes.js";

const PARTS = ["views", "state", "doors", "rows"];
let running = null;

const part = (id, root = document) => root.getElementById(id);
const way = (url) => new URL(url, location.href).searchParams.get("as") || "table";

/** Tell the pairs of the list's address, without the place in it. */
export const pairs = () => {
  const found = new URL(part("state")?.dataset.address || location.href, location.href).searchParams;
  for (const name of ["page[after]", "page[before]", "near"]) found.delete(name);
  return found;
};

export const addressOf = (found) => {
  const text = found.toString();
  return text ? `${location.pathname}?${text}` : location.pathname;
};

// What is typed into the list and not saved may hold it where it is.
const questions = new Set();
let shown = location.href;

/** Ask before the list goes elsewhere: `question` resolves with whether it may. */
export const askBefore = (question) => questions.add(question);

const mayGo = async () => {
  for (const question of questions) if (!(await question())) return false;
  return true;
};
const fillSearch = () => {
  const search = document.getElementById("q");
  if (search) search.value = new URLSearchParams(location.search).get("q") || "";
};
const stay = () => {
  if (location.href !== shown) history.pushState({ list: true }, "", shown);
  fillSearch();
  return "";
};

const refusal = async (answer) => {
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  return read.querySelector(".f-lead, .f-error, [role=alert]")?.textContent.trim() || "";
};

/** Show the list at an address. Resolves with "" when it is shown or one stays, else with the sentence that says why not. */
export const go = async (url, { replace = false, keep = false } = {}) => {
  if (way(url) !== way(location.href)) {
    location.assign(url); // another way to see it brings its own styles and scripts
    return "";
  }
  if (!keep) shown = location.href;
  if (questions.size && !(await mayGo())) return stay();
  running?.abort();
  const mine = (running = new AbortController());
  part("rows")?.setAttribute("aria-busy", "true");
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: mine.signal }).catch(() => null);
  if (mine.signal.aborted) return "";
  if (answer?.status === 400) {
    part("rows")?.removeAttribute("aria-busy");
    return (await refusal(answer)) || answer.statusText;
  }
  if (!answer?.ok || answer.redirected) {
    location.assign(url);
    return "";
  }
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine.signal.aborted) return "";
  if (!part("rows", read)) {
    location.assign(url);
    return "";
  }
  for (const id of PARTS) {
    const [old, fresh] = [part(id), part(id, read)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
  if (!keep) history[replace ? "replaceState" : "pushState"]({ list: true }, "", url);
  shown = location.href;
  document.dispatchEvent(new CustomEvent("festoon:rows"));
  return "";
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-go]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button || event.defaultPrevented) return;
  event.preventDefault();
  link.closest("details[data-menu]")?.removeAttribute("open");
  const isChip = link.closest(".f-filter-chip");
  const turns = link.hasAttribute("data-turns");
  const place = link.closest("th") && [...document.querySelectorAll("#rows th a")].indexOf(link);
  const refused = await go(link.href);
  if (refused) return note(refused, { tone: "danger" });
  if (turns) {
    document.getElementById("main").scrollIntoView();
    document.querySelector("#rows .f-first a")?.focus({ preventScroll: true });
  } else if (isChip) document.querySelector(".f-add-filter")?.focus();
  else if (place >= 0 && place !== null) document.querySelectorAll("#rows th a")[place]?.focus();
  fillSearch();
});

addEventListener("popstate", async () => {
  if (!part("rows")) return;
  await go(location.href, { keep: true });
  if (document.activeElement?.id !== "q") fillSearch();
});

// What the reader keeps of the list, such as its columns, is written into the address: a link shows others the same.
const whole = part("state")?.dataset.address;
if (whole && location.search && !/page%5B|page\[/.test(location.search) && /[?&]columns=/.test(whole) && !/[?&]columns=/.test(location.search)) {
  history.replaceState(history.state, "", whole);
  shown = location.href;
}
