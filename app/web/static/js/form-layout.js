// The parts of a long form: tabs, sections that fold, and the small map that tells where one is.
const form = document.querySelector("[data-form]");
const remember = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing shows everything.
  }
};
const remembered = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const isFaulty = (part) => part.querySelector(".is-invalid, [aria-invalid=true], .f-error:not([hidden])") !== null;

// Tabs: arrow keys go along, a tab with faults says how many.
const list = form.querySelector("[data-tabs]");
const tabs = list ? [...list.querySelectorAll("[role=tab]")] : [];
const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
const openTab = (tab) => {
  for (const one of tabs) {
    one.setAttribute("aria-selected", String(one === tab));
    one.tabIndex = one === tab ? 0 : -1;
    panelOf(one).hidden = one !== tab;
  }
  mapWhatIsSeen();
  const languages = form.querySelector("[data-languages]");
  if (languages) languages.hidden = !panelOf(tab).querySelector("[data-locale]");
  document.dispatchEvent(new Event("festoon:shown"));
};

const map = form.querySelector("[data-map]");
const links = map ? [...map.querySelectorAll("a")] : [];
const targetOf = (link) => document.getElementById(link.hash.slice(1));
function mapWhatIsSeen() {
  for (const link of links) link.parentElement.hidden = Boolean(targetOf(link)?.closest("[role=tabpanel][hidden]"));
  if (map) map.hidden = links.filter((link) => !link.parentElement.hidden).length < 2;
}
for (const tab of tabs) {
  const faults = panelOf(tab).querySelectorAll(".f-error[id]").length;
  const mark = tab.querySelector(".f-tab-faults");
  mark.hidden = !faults;
  mark.textContent = faults;
  tab.addEventListener("click", () => {
    openTab(tab);
    remember(`tab ${list.dataset.tabs}`, tab.id);
  });
}
list?.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
  if (!step) return;
  event.preventDefault();
  const turned = getComputedStyle(list).direction === "rtl" && Number.isFinite(step) ? -step : step;
  const at = tabs.indexOf(document.activeElement) + turned;
  const next = tabs[Math.max(0, Math.min(tabs.length - 1, at))];
  next.focus();
  next.click();
});
if (tabs.length) {
  const faulty = tabs.find((tab) => isFaulty(panelOf(tab)));
  openTab(faulty || tabs.find((tab) => tab.id === remembered(`tab ${list.dataset.tabs}`)) || tabs[0]);
}

// Sections: what was folded stays folded from form to form, but never over a fault.
const setFolded = (button, isFolded) => {
  button.setAttribute("aria-expanded", String(!isFolded));
  document.getElementById(button.getAttribute("aria-controls")).hidden = isFolded;
};
for (const part of form.querySelectorAll("[data-part]")) {
  const button = part.querySelector("[data-fold]");
  if (!button) continue;
  part.classList.toggle("is-faulty", isFaulty(part));
  if (remembered(`folded ${part.dataset.part}`) === "yes" && !isFaulty(part)) setFolded(button, true);
  button.addEventListener("click", () => {
    const isFolded = button.getAttribute("aria-expanded") === "true";
    setFolded(button, isFolded);
    remember(`folded ${part.dataset.part}`, isFolded ? "yes" : "no");
    document.dispatchEvent(new Event("festoon:shown"));
  });
}

// Whoever leads to an input opens what it stands in.
export const reveal = (element) => {
  const panel = element.closest("[role=tabpanel]");
  const tab = tabs.find((one) => panelOf(one) === panel);
  if (tab) openTab(tab);
  const button = element.closest("[data-part]")?.querySelector("[data-fold]");
  if (button) setFolded(button, false);
};

if (map) {
  const seen = new Map();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) seen.set(entry.target.id, entry.isIntersecting ? entry.boundingClientRect.top : null);
      const here = links.find((link) => seen.get(targetOf(link)?.id) != null);
      for (const link of links) link.toggleAttribute("aria-current", link === here);
    },
    { rootMargin: "-80px 0px -40% 0px" },
  );
  for (const link of links) {
    const target = targetOf(link);
    if (!target) continue;
    watcher.observe(target);
    link.classList.toggle("is-faulty", isFaulty(target.closest("[data-part]") || target));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      reveal(target);
      target.scrollIntoView({ block: "start" });
      (target.querySelector("[data-fold]") || target).focus({ preventScroll: true });
    });
  }
}
