// Holds back what cannot be undone once it is done: for some seconds a note offers to take it back. Who leaves the page
// or turns to another has it done at once.
const HELD = 6000;
const LONGER = 3000; // for who points at the note or stands in it
const MOST_TIMES = 4;
const PATIENCE = 2000;
const LEAVES = 200;
const waiting = new Set();

/** Hold an act back while `shown`, the note, offers to take it back. Gives {drop, pause}; who drops it does it no more. */
export const hold = (act, shown) => {
  let timer = 0;
  let times = 0;
  const end = () => {
    clearTimeout(timer);
    waiting.delete(now);
    shown.classList.add("is-leaving");
    setTimeout(() => shown.remove(), LEAVES);
  };
  const now = () => {
    end();
    return act();
  };
  const look = () => {
    if (!shown.matches(":hover, :focus-within") || times === MOST_TIMES) return now();
    times += 1;
    timer = setTimeout(look, LONGER);
  };
  timer = setTimeout(look, HELD);
  waiting.add(now);
  return { drop: end, pause: () => clearTimeout(timer) };
};

const all = () => Promise.all([...waiting].map((now) => now()));
addEventListener("beforeunload", all);
addEventListener("pagehide", all);
document.addEventListener("visibilitychange", () => document.hidden && all());

// A link of ours is followed when it is done, so that the next page shows it done; a refusal is read here first.
const leads = (link) => {
  const { origin, pathname, search } = location;
  if (!link || link.origin !== origin || link.hasAttribute("download") || !["", "_self"].includes(link.target)) return false;
  return !(link.hash && link.pathname === pathname && link.search === search);
};
addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!waiting.size || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !leads(link)) return;
  event.preventDefault();
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, []));
  const done = await Promise.race([all(), late]);
  if (!done.includes(false)) location.assign(link.href);
});
