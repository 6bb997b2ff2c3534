// The bell: how much is unread, live; the panel below it; and what a page tells the server about its record.
const { note, post } = window.Festoon;
const bell = document.querySelector("[data-bell]");
const panel = document.getElementById("notices");
const FRESH = 20_000;
const MEMORY = `festoon.unread.${bell?.dataset.user}`;

const recall = () => {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY)) || { at: 0, unread: 0 };
  } catch {
    return { at: 0, unread: 0 };
  }
};
const show = (unread) => {
  for (const badge of document.querySelectorAll("[data-unread-notices]")) {
    badge.hidden = !unread;
    badge.textContent = unread > 99 ? "99+" : unread;
    const said = document.createElement("span");
    said.className = "f-sr";
    said.textContent = ` ${badge.dataset.words}`;
    badge.append(said);
  }
  bell.setAttribute("aria-label", unread ? `${bell.title}, ${unread} ${bell.querySelector("[data-unread-notices]").dataset.words}` : bell.title);
};
const look = async () => {
  const answer = await fetch("/notices/unread", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { unread } = await answer.json();
  sessionStorage.setItem(MEMORY, JSON.stringify({ at: Date.now(), unread }));
  show(unread);
};

const fill = async () => {
  const answer = await fetch(panel.dataset.src).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  panel.innerHTML = await answer.text();
  return true;
};
const close = (refocus) => {
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  bell.setAttribute("aria-expanded", "false");
  if (refocus) bell.focus();
};
const open = async () => {
  if (!(await fill())) return location.assign(bell.href);
  panel.hidden = false;
  bell.setAttribute("aria-expanded", "true");
  panel.querySelector("a, button")?.focus({ preventScroll: true });
};

const changed = () => {
  look();
  if (panel && !panel.hidden && !panel.contains(document.activeElement)) fill();
};

if (bell) {
  show(recall().unread);
  if (Date.now() - recall().at > FRESH || location.pathname.startsWith("/notices")) look();
  bell.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || matchMedia("(max-width: 899px)").matches) return;
    event.preventDefault();
    if (panel.hidden) open();
    else close(true);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#notices, [data-bell]")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close(true);
  });
  const whenIdle = window.requestIdleCallback || ((work) => setTimeout(work, 300));
  whenIdle(async () => {
    const { live } = await import("./live.js");
    let joined = 0;
    live.join(`user:${bell.dataset.user}`, { notice: changed, joined: () => (joined += 1) > 1 && changed() });
  });
}

// A notice that is followed is read; the others are marked without leaving the page.
document.addEventListener("click", (event) => {
  const followed = event.target.closest("[data-notice].is-unread a[href]");
  if (!followed) return;
  const row = followed.closest("[data-notice]");
  row.classList.remove("is-unread");
  post("/notices/read", [["ids", row.dataset.notice]]);
});
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-notice] form")) {
    event.preventDefault();
    const row = form.closest("[data-notice]");
    const { ok } = await post(form.action, new FormData(form));
    if (!ok) return;
    if (panel.contains(row)) {
      const at = [...panel.querySelectorAll("[data-notice]")].indexOf(row);
      await fill();
      panel.querySelectorAll("[data-notice]")[at]?.querySelector("button").focus();
    } else location.reload();
    look();
  } else if (form.matches("[data-marks-all]")) {
    event.preventDefault();
    const ids = [...document.querySelectorAll("[data-notice].is-unread")].map((row) => row.dataset.notice);
    const { ok } = await post(form.action, new FormData(form));
    if (!ok) return;
    for (const row of document.querySelectorAll("[data-notice].is-unread")) row.classList.remove("is-unread");
    for (const done of document.querySelectorAll("[data-marks-all]")) done.hidden = true;
    look();
    const undo = async () => {
      await post("/notices/read", [["unread", "1"], ...new Set(ids)].map((pair) => (Array.isArray(pair) ? pair : ["ids", pair])));
      for (const done of document.querySelectorAll("[data-marks-all]")) done.hidden = false;
      for (const row of document.querySelectorAll("[data-notice]")) row.classList.toggle("is-unread", ids.includes(row.dataset.notice));
      look();
    };
    note(form.dataset.done, { undo: ids.length ? { words: form.dataset.undo, do: undo } : null });
  }
});

// The record that is open is among those seen lately; its pin shows whether it is one of those kept at hand.
const pin = document.querySelector("[data-record]");
const pinned = (is) => {
  pin.setAttribute("aria-pressed", String(is));
  pin.form.elements.pinned.value = is ? "no" : "yes";
};
if (pin) {
  const { facts } = await post("/seen", [["of", pin.dataset.record]]);
  if (facts) pinned(facts.pinned);
  const wish = async (is, offersUndo) => {
    pinned(is);
    const { ok, refusal } = await post("/pins", [["of", pin.dataset.record], ["pinned", is ? "yes" : "no"]]);
    if (refusal) note(refusal, { tone: "danger" });
    if (!ok) return pinned(!is);
    const undo = offersUndo ? { words: pin.dataset.undo, do: () => wish(!is, false) } : null;
    if (offersUndo) note(is ? pin.dataset.done : pin.dataset.undone, { undo });
  };
  pin.form.addEventListener("submit", (event) => {
    event.preventDefault();
    wish(pin.getAttribute("aria-pressed") !== "true", true);
  });
}
