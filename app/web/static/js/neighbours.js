// From a record or its form one goes to the next of the list that one came from, without going back to it.
const RECORD = /^(\/[^/]+\/)([0-9a-f-]{36}|\d+)(\/edit)?$/;
const STAND = "festoon:stand";
const nameOf = (base) => `festoon:list:${base}`;

const read = (name) => {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null; // a browser that keeps nothing
  }
};
const write = (name, value) => {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Then there are no neighbours.
  }
};

// A list leaves behind which records it showed, in their order.
const remember = () => {
  const rows = document.getElementById("rows");
  const found = [...(rows?.querySelectorAll("a[href]") ?? [])].map((link) => RECORD.exec(link.pathname));
  const keys = [...new Set(found.filter((one) => one?.[1] === location.pathname).map((one) => one[2]))];
  if (keys.length) write(nameOf(location.pathname), { address: location.pathname + location.search, keys });
};
addEventListener("pagehide", remember);

const here = RECORD.exec(location.pathname);
const list = here && read(nameOf(here[1]));
const at = list ? list.keys.indexOf(here[2]) : -1;
if (at >= 0 && list.keys.length > 1) document.documentElement.dataset.neighbours = "";

/** Go so many records on in the list that one came from; false where there is none. */
export const goOn = (step) => {
  const next = at >= 0 && list.keys[at + step];
  if (!next) return at >= 0;
  location.assign(here[1] + next + (here[3] ?? ""));
  return true;
};

/** Have the form that is opened now begin in its first field: whoever came by a key goes on by keys. */
export const standInForm = () => write(STAND, Date.now());

/** Whether the form was opened by a key just now. */
export const standsInForm = () => {
  const asked = read(STAND);
  if (asked) write(STAND, 0);
  return Boolean(asked) && Date.now() - asked < 10_000;
};
