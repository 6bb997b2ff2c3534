// Texts of a page are translated where they stand: a button over each opens a drawer; what is typed there is seen here
// at once, and whether it fits. The page may be the one this runs in, or one of ours in a frame.
import { fits } from "./fitting.js";

const PHONE = 390;

/** `phone` gives the address of the page once more, to be measured as wide as a phone. */
export const inPlace = ({ doc, drawer, locale, words, phone = "", onSaved = () => {} }) => {
  let open = null;
  let probe = null;
  const all = () => [...doc.querySelectorAll("[data-text].is-in-place")];
  const alike = (place, page = doc) => [...page.querySelectorAll(`[data-text="${CSS.escape(place)}"]`)];
  const wordsOf = (element) => element.querySelector(":scope > [data-words]");

  const name = (element) => {
    const { label, stateText } = element.dataset;
    element.querySelector(":scope > .ip-edit").setAttribute("aria-label", [words.replace("{field}", label), stateText].filter(Boolean).join(" · "));
  };
  const dress = (element) => {
    if (element.classList.contains("is-in-place")) return;
    const button = doc.createElement("button");
    button.type = "button";
    button.className = "ip-edit";
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", (event) => {
      event.preventDefault();
      event.stopPropagation();
      show(element);
    });
    element.classList.add("is-in-place");
    element.append(button);
    name(element);
  };

  const write = (element, text, isHtml) => {
    const place = wordsOf(element);
    if (isHtml) place.innerHTML = text;
    else place.textContent = text;
  };
  const keep = (element) => ({ element, html: wordsOf(element).innerHTML, lang: element.lang, dir: element.dir });
  const put = ({ element, html, lang, dir }) => {
    wordsOf(element).innerHTML = html;
    element.lang = lang;
    element.dir = dir;
  };

  const close = (isKept = false) => {
    if (!open) return;
    if (!isKept) open.before.forEach(put);
    const { button } = open;
    button.setAttribute("aria-expanded", "false");
    open = null;
    drawer.replaceChildren();
    drawer.hidden = true;
    button.focus();
  };

  const show = (element) => {
    close();
    const button = element.querySelector(":scope > .ip-edit");
    const place = element.dataset.text;
    const frame = document.createElement("iframe");
    frame.title = words.replace("{field}", element.dataset.label);
    frame.src = `${place}&lang=${encodeURIComponent(locale())}&drawer=1`;
    frame.addEventListener("load", () => frame.contentWindow?.focus());
    open = { element, place, button, frame, before: alike(place).filter(wordsOf).map(keep) };
    button.setAttribute("aria-expanded", "true");
    if (drawer.ownerDocument === doc) (element.closest("dialog[open]") ?? doc.body).append(drawer); // above what is open
    drawer.replaceChildren(frame);
    drawer.hidden = false;
    const isNarrow = matchMedia("(max-width: 700px)").matches; // the drawer lies over the lower part
    element.scrollIntoView({ block: isNarrow ? "start" : "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    askPhone();
  };

  // How it looks on a phone is measured in the same page, as wide as one, that nobody sees.
  const askPhone = () => {
    if (probe || !phone || doc.defaultView.innerWidth <= PHONE + 30) return;
    probe = document.createElement("iframe");
    probe.className = "ip-probe";
    probe.setAttribute("aria-hidden", "true");
    probe.tabIndex = -1;
    probe.inert = true;
    probe.src = phone();
    document.body.append(probe);
  };
  const forget = () => {
    probe?.remove();
    probe = null;
  };

  const typed = ({ text, isHtml, dir }) => {
    const told = [];
    const look = (page, where) => {
      for (const element of alike(open.place, page)) {
        if (!wordsOf(element)) continue;
        write(element, text, isHtml);
        element.lang = locale();
        element.dir = dir;
        told.push(...fits(element, where));
      }
    };
    look(doc, doc.defaultView.innerWidth <= PHONE + 30 ? "phone" : "here");
    const page = probe?.contentDocument;
    if (page?.body) look(page, "phone");
    const seen = new Set();
    const once = told.filter((one) => !seen.has(JSON.stringify(one)) && seen.add(JSON.stringify(one)));
    open.frame.contentWindow.postMessage({ festoon: "text-fits", told: once }, location.origin);
  };

  const saved = (facts) => {
    for (const element of alike(open.place)) {
      if (!wordsOf(element)) continue;
      write(element, facts.text, facts.isHtml);
      element.lang = facts.locale;
      element.dir = facts.dir;
      element.dataset.state = facts.state;
      element.dataset.stateText = facts.stateText;
      name(element);
    }
    open.before = alike(open.place).filter(wordsOf).map(keep);
    onSaved(facts);
  };

  const next = (step) => {
    const places = [...new Set(all().filter((one) => one.getClientRects().length).map((one) => one.dataset.text))];
    const at = places.indexOf(open.place);
    const order = step > 0 ? [...places.slice(at + 1), ...places.slice(0, at)] : [...places.slice(0, at).reverse(), ...places.slice(at + 1).reverse()];
    const wanted = order.find((place) => alike(place)[0].dataset.state !== "approved") ?? order[0];
    const element = wanted && all().find((one) => one.dataset.text === wanted);
    close(true);
    if (element) show(element);
  };

  addEventListener("message", (event) => {
    if (event.origin !== location.origin || !open || event.source !== open.frame.contentWindow) return;
    const { festoon, ...facts } = event.data || {};
    if (festoon === "text-typed") typed(facts);
    if (festoon === "text-saved") saved(facts);
    if (festoon === "text-next") next(facts.step);
    if (festoon === "close") close();
  });
  addEventListener("keydown", (event) => event.key === "Escape" && open && !event.defaultPrevented && close());

  return { dress, close, forget, all, isOpen: () => Boolean(open) };
};
