// The arrows go from event to event as they lie on the screen: to the nearest one that lies that way.
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIDEWAYS = 4; // what lies aside is so many times farther than what lies ahead

const middle = (element) => {
  const box = element.getBoundingClientRect();
  return [box.left + Math.min(box.width, 80) / 2, box.top + box.height / 2];
};

/** Find the nearest event in the direction of a key. */
export const nextOf = (all, current, key) => {
  const [dx, dy] = WAYS[key];
  const [x, y] = middle(current);
  let best = null;
  let least = Infinity;
  for (const one of all) {
    if (one === current) continue;
    const [left, top] = middle(one);
    const ahead = (left - x) * dx + (top - y) * dy;
    if (ahead <= 1) continue;
    const far = ahead + SIDEWAYS * Math.abs((left - x) * dy + (top - y) * dx);
    if (far < least) [best, least] = [one, far];
  }
  return best;
};

/** Let the arrows walk over the events of a place. */
export const walkEvents = (place) => {
  place.addEventListener("keydown", (event) => {
    const current = event.target.closest?.(".ec-event");
    if (!current || !(event.key in WAYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    nextOf([...place.querySelectorAll(".ec-event[tabindex]")], current, event.key)?.focus();
  });
};
