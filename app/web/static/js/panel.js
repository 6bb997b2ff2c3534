// The panel beside a record: a rail of tabs on a desk, a sheet on a phone; which tab is open is remembered.
import "./comments.js";

const panel = document.querySelector("[data-panel]");
const body = panel?.querySelector(".sp-body");
const part = panel?.querySelector("[data-panel-part]");
const shade = panel?.querySelector(".sp-shade");
const tabs = panel ? [...panel.querySelectorAll("[data-tab]")] : [];
const phone = matchMedia("(max-width: 899px)");
let asked = 0;

const remember = (name) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `panel=${name || "none"}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
};

/** Fetch a part of the panel into a place; says so when it fails. */
const load = async (url, place) => {
  const turn = ++asked;
  place.setAttribute("aria-busy", "true");
  let html = "";
  try {
    const answer = await fetch(url, { headers: { "X-Part": "panel" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); // who was signed out is sent to another page
    html = await answer.text();
  } catch {
    const line = document.createElement("p");
    line.className = "sp-none";
    line.textContent = panel.dataset.failed;
    if (turn === asked) place.replaceChildren(line);
    place.removeAttribute("aria-busy");
    return;
  }
  if (turn !== asked) return;
  place.innerHTML = html;
  place.removeAttribute("aria-busy");
  place.dispatchEvent(new Event("festoon:part", { bubbles: true }));
};

const show = async (name, { keep = true, focus = false } = {}) => {
  const tab = tabs.find((other) => other.dataset.tab === name) || tabs[0];
  for (const other of tabs) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
  }
  panel.dataset.open = tab.dataset.tab;
  body.hidden = false;
  shade.hidden = !phone.matches;
  body.setAttribute("aria-labelledby", tab.id);
  panel.querySelector("[data-panel-title]").textContent = tab.title;
  if (keep) remember(tab.dataset.tab);
  if (focus) body.focus();
  await load(tab.href, part);
  if (location.hash.startsWith("#comment-")) document.querySelector(location.hash)?.scrollIntoView({ block: "center" });
};
const hide = () => {
  const open = tabs.find((tab) => tab.dataset.tab === panel.dataset.open);
  delete panel.dataset.open;
  body.hidden = shade.hidden = true;
  for (const tab of tabs) tab.setAttribute("aria-selected", "false");
  remember("");
  (phone.matches ? document.querySelector("[data-panel-opens]") : open)?.focus();
};

if (panel) {
  panel.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (panel.dataset.open === tab.dataset.tab) hide();
      else show(tab.dataset.tab);
    }
    if (event.target.closest("[data-panel-close]")) hide();
    const older = event.target.closest("[data-older]");
    if (older) {
      event.preventDefault();
      const place = document.createElement("div");
      older.replaceWith(place);
      load(older.href, place);
    }
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.dataset.open && !event.defaultPrevented) {
      hide();
      event.stopPropagation();
    }
    if (!event.target.matches("[data-tab]")) return;
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.indexOf(event.target);
    if (step) {
      const next = tabs[(at + step + tabs.length) % tabs.length];
      next.tabIndex = 0;
      event.target.tabIndex = -1;
      next.focus();
      if (panel.dataset.open) show(next.dataset.tab);
      event.preventDefault();
    } else if (event.key === " ") {
      event.target.click();
      event.preventDefault();
    }
  });
  document.querySelector("[data-panel-opens]")?.addEventListener("click", () => show(tabs[0].dataset.tab, { focus: true }));
  for (const link of document.querySelectorAll("a[data-panel-tab]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link.dataset.panelTab, { focus: true });
    });
  }
  const wanted = new URLSearchParams(location.search).get("panel");
  if (panel.dataset.open && (!phone.matches || wanted)) show(panel.dataset.open, { keep: Boolean(wanted) });
  else if (panel.dataset.open) {
    delete panel.dataset.open; // a sheet opens when it is asked for, not by itself
    body.hidden = true;
  }
}

// Before a record is deleted: what refers to it.
const place = document.querySelector("[data-before-delete]");
document.addEventListener("click", async (event) => {
  if (!place || event.target.closest("[data-opens]")?.dataset.opens !== "delete") return;
  const button = place.closest("dialog").querySelector("[data-deletes]");
  button.disabled = true;
  try {
    const answer = await fetch(place.dataset.beforeDelete, { headers: { "X-Part": "panel" } });
    if (!answer.ok) throw new Error(String(answer.status));
    place.innerHTML = await answer.text();
  } catch {
    place.textContent = place.dataset.failed;
  }
  button.disabled = Boolean(place.querySelector("[data-refused]"));
  button.hidden = button.disabled;
});
