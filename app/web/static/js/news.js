// How much waits for the reader, beside an entry of the menu: asked for after the page is there, at most every 20 s.
const FRESH = 20_000;
const EVERY = 60_000;

for (const badge of document.querySelectorAll("[data-news]")) {
  const key = `festoon.news.${badge.dataset.news}`;
  const recall = () => {
    try {
      return JSON.parse(sessionStorage.getItem(key)) || { at: 0, count: 0 };
    } catch {
      return { at: 0, count: 0 };
    }
  };
  const show = (count) => {
    badge.hidden = !count;
    badge.textContent = count > 99 ? "99+" : count;
    badge.title = badge.dataset.words;
    const said = document.createElement("span");
    said.className = "f-sr";
    said.textContent = ` ${badge.dataset.words}`;
    badge.append(said);
  };
  const keep = (count) => {
    sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), count }));
    show(count);
  };
  const look = async () => {
    if (document.hidden || Date.now() - recall().at < FRESH) return;
    const answer = await fetch(badge.dataset.news, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) keep((await answer.json()).waiting);
  };
  show(recall().count);
  document.addEventListener("festoon:waiting", (event) => keep(event.detail));
  document.addEventListener("visibilitychange", look);
  setInterval(look, EVERY);
  if (!document.querySelector("[data-waiting]")) look();
}
