// The frame around every screen: menus, dialogs, theme, sidebar, notes and the keys that work everywhere.
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
const toggle = document.querySelector("[data-side-toggle]");
const phone = matchMedia("(max-width: 899px)");
const sideState = () => {
  const open = phone.matches ? root.classList.contains("is-menu-open") : !root.classList.contains("is-narrow");
  toggle?.setAttribute("aria-expanded", String(open));
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
  toggle.focus();
};
toggle?.addEventListener("click", toggleSide);
document.querySelector("[data-side-close]")?.addEventListener("click", closeDrawer);
phone.addEventListener("change", sideState);
sideState();

// Notes: good news leaves by itself, bad news stays until it is read.
const dismiss = (note) => {
  note.classList.add("is-leaving");
  setTimeout(() => note.remove(), 200);
};
for (const note of document.querySelectorAll("[data-note]")) {
  if (["success", "info"].includes(note.dataset.tone)) {
    let timer = setTimeout(() => dismiss(note), 7000);
    note.addEventListener("pointerenter", () => clearTimeout(timer));
    note.addEventListener("pointerleave", () => (timer = setTimeout(() => dismiss(note), 3000)));
  }
}
document.addEventListener("click", (event) => {
  const note = event.target.closest("[data-dismiss]")?.closest("[data-note]");
  if (note) dismiss(note);
});

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

// Keys. They rest while something is typed.
const isTyping = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeDrawer();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const press = { "?": () => document.getElementById("keys")?.showModal(), "[": toggleSide }[event.key];
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (press) press();
  else if (target?.matches("input")) target.select();
  else if (target) target.click();
  else return;
  event.preventDefault();
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
