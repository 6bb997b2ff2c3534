// The frame around every screen: menus, dialogs, theme, sidebar, the palette's door, and that a page is coming.
import "./stash.js";

const root = document.documentElement;
const keep = (name, value) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
};

// Menus: one open at a time, closed by Escape or a click elsewhere, walked with the arrows.
const openMenu = () => document.querySelector("details[data-menu][open]");
const closeMenu = (menu, refocus) => {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
};
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target) || event.target.closest("[data-menu-close]")) closeMenu(menu);
  }
});
// A menu opens at the edge of its button; where it would leave the window, as on a phone, it is pushed back in.
document.addEventListener("toggle", (event) => {
  const panel = event.target.matches("details[data-menu][open]") && event.target.querySelector(".f-panel");
  if (!panel) return;
  panel.style.translate = "";
  const { left, right } = panel.getBoundingClientRect();
  const push = left < 8 ? 8 - left : Math.min(0, root.clientWidth - 8 - right);
  if (push) panel.style.translate = `${Math.round(push)}px`;
}, true);
document.addEventListener("keydown", (event) => {
  const menu = openMenu();
  if (!menu) return;
  if (event.key === "Escape") {
    closeMenu(menu, true);
    event.stopPropagation();
  }
  const options = [...menu.querySelectorAll(".f-option")];
  if (!options.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = options.indexOf(document.activeElement);
  options[(at + step + options.length) % options.length].focus();
  event.preventDefault();
});

// Dialogs.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    opener.closest("details[data-menu]")?.removeAttribute("open");
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  if (event.target.closest("[data-close]") || event.target.matches("dialog[data-dialog]")) {
    event.target.closest("dialog").close();
  }
});

// Theme.
const markTheme = () => {
  for (const option of document.querySelectorAll("[data-theme-set]")) {
    option.toggleAttribute("aria-current", option.dataset.themeSet === root.dataset.theme);
    if (option.hasAttribute("aria-current")) option.setAttribute("aria-current", "true");
  }
};
document.addEventListener("click", (event) => {
  const option = event.target.closest("[data-theme-set]");
  if (!option) return;
  keep("theme", option.dataset.themeSet);
  document.dispatchEvent(new Event("festoon:theme"));
  markTheme();
  option.closest("details")?.removeAttribute("open");
});
markTheme();

// Sidebar: a rail on a desk, a drawer on a phone.
const side = document.getElementById("side");
const toggles = document.querySelectorAll("[data-side-toggle]");
for (const link of side?.querySelectorAll(".f-nav") ?? []) link.title = link.querySelector("span").textContent; // a rail shows icons
const phone = matchMedia("(max-width: 899px)");
const sideState = () => {
  const open = phone.matches ? root.classList.contains("is-menu-open") : !root.classList.contains("is-narrow");
  for (const toggle of toggles) toggle.setAttribute("aria-expanded", String(open));
  if (side) side.inert = phone.matches && !open;
};
const toggleSide = () => {
  if (phone.matches) {
    root.classList.toggle("is-menu-open");
    sideState();
    if (root.classList.contains("is-menu-open")) side.querySelector("a").focus();
  } else {
    keep("side", root.classList.toggle("is-narrow") ? "narrow" : "wide");
    sideState();
  }
};
const closeDrawer = () => {
  if (!root.classList.contains("is-menu-open")) return;
  root.classList.remove("is-menu-open");
  sideState();
  [...toggles].find((toggle) => toggle.offsetParent)?.focus();
};
for (const toggle of toggles) toggle.addEventListener("click", toggleSide);
document.addEventListener("keydown", (event) => event.key === "Escape" && closeDrawer());
document.querySelector("[data-side-close]")?.addEventListener("click", closeDrawer);
phone.addEventListener("change", sideState);
sideState();

// A command can be asked for by its address: #do-confirm opens the dialog that asks about it.
const asked = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
if (asked?.matches("dialog[data-dialog]")) {
  history.replaceState(history.state, "", location.pathname + location.search);
  asked.showModal();
}

// The palette is fetched when it is wished for first.
const palette = document.getElementById("palette");
const openPalette = async () => {
  if (!palette || palette.open) return;
  const { open } = await import(palette.dataset.src);
  open();
};
document.addEventListener("click", (event) => {
  if (!palette || !event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openPalette();
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !palette) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else openPalette();
});
if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const key of document.querySelectorAll("[data-command]")) key.textContent = `\u2318 ${key.dataset.command}`;
}

// A page that is slow to come says that it comes; one that is quick shows nothing.
const progress = document.querySelector("[data-progress]");
let coming = 0;
const begin = () => {
  clearTimeout(coming);
  coming = setTimeout(() => {
    if (progress) progress.hidden = false;
    coming = setTimeout(end, 10000); // it was a download, or the reader stayed
  }, 200);
};
const end = () => {
  clearTimeout(coming);
  if (progress) progress.hidden = true;
};
addEventListener("beforeunload", begin);
addEventListener("pageshow", end);
addEventListener("pagehide", end);
document.addEventListener("htmx:before:request", begin);
for (const name of ["htmx:after:swap", "htmx:error", "htmx:response:error", "festoon:arrived"]) document.addEventListener(name, end);
document.addEventListener("festoon:going", begin);

// A posted form answers at once: its button shows that it is at work and cannot be pressed twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const button = event.submitter;
  setTimeout(() => {
    button?.setAttribute("aria-busy", "true");
    for (const other of form.querySelectorAll("button:not([type=button])")) other.disabled = true;
  });
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    for (const other of button.form?.querySelectorAll("button") || []) other.disabled = false;
  }
});

// An address is copied, and its button says so for a moment.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const input = document.getElementById(button.dataset.copies);
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    document.execCommand("copy"); // a page that is not served over TLS
  }
  const word = button.querySelector("span");
  const before = word.textContent;
  word.textContent = button.dataset.done;
  setTimeout(() => (word.textContent = before), 2000);
});
