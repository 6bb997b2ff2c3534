// What the server does not have waits in this tab, for who typed it: each reader has a place of their own.
const { user = "" } = document.documentElement.dataset;
const READER = "festoon:reader";
const placeOf = (name) => `festoon:${name}:${user}`;

/** Give what waits under a name, by keys. */
export const held = (name) => {
  try {
    return JSON.parse(sessionStorage.getItem(placeOf(name))) ?? {};
  } catch {
    return {};
  }
};

/** Change what waits under a name; a browser that stores nothing still has it on the screen. */
export const change = (name, how) => {
  const all = held(name);
  how(all);
  try {
    if (Object.keys(all).length) sessionStorage.setItem(placeOf(name), JSON.stringify(all));
    else sessionStorage.removeItem(placeOf(name));
  } catch {
    // It stays on the screen, and leaving is asked about.
  }
};

// Whoever signs in next in this tab finds nothing of the reader before: no words, and no names that lists showed.
try {
  if (user && sessionStorage.getItem(READER) !== user) {
    const others = Object.keys(sessionStorage).filter((key) => /^festoon[.:]/.test(key) && !key.endsWith(`:${user}`));
    for (const key of others) sessionStorage.removeItem(key);
    sessionStorage.setItem(READER, user);
  }
} catch {
  // A browser that stores nothing has nothing to drop.
}
