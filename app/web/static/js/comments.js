// Comments: sent without leaving the page, edited in place; @ finds staff who may see the record.
import { holdDraft, letGo, moveDraft, putBack, unfold } from "./comment-drafts.js";

const part = document.querySelector("[data-panel-part]");
const isPart = (html) => html.includes("data-comment-words");

// Whoever brings the comments onto the page, what was written before stands in them again.
if (part) {
  new MutationObserver(() => putBack(part)).observe(part, { childList: true });
  putBack(part);
}

// What could not be sent stays where it is, and it is said why.
const signIn = (words) => {
  const link = document.createElement("a");
  const back = new URL(location.href);
  if (document.querySelector("[data-panel]")) back.searchParams.set("panel", "comments");
  link.className = "btn f-btn";
  link.textContent = words.signIn;
  link.href = `/login/?next=${encodeURIComponent(back.pathname + back.search)}`;
  link.dataset.signsIn = "";
  return link;
};
const tellUnsent = (form, answer) => {
  const words = part.querySelector("[data-comment-words]")?.dataset;
  if (!words) return; // another part is shown by now; it waits in this tab
  const isOut = answer && (answer.redirected || [400, 401].includes(answer.status));
  const line = document.createElement("div");
  line.className = "cm-unsent";
  line.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.className = "f-error";
  sentence.textContent = answer ? words[isOut ? "signedOut" : "failed"] : words.away;
  line.append(sentence);
  if (isOut) line.append(signIn(words));
  const acts = form.querySelector(".cm-write-acts");
  if (acts && part.contains(form)) acts.before(line);
  else part.prepend(line);
};
const holdAnew = (area) => {
  if (part.querySelector(`#${CSS.escape(area.id)}`)) {
    if (area.id !== "cm-new") part.querySelector("#cm-new").value = ""; // there the server put what it refused
  } else moveDraft(area, "cm-new");
};

let isUnderWay = false;
const send = async (form, submitter) => {
  if (isUnderWay) return; // however often Ctrl Enter is pressed
  isUnderWay = true;
  part.querySelector(".cm-unsent")?.remove();
  const area = form.querySelector("[data-mentions]");
  const sent = area?.value;
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  let answer = null;
  let said = "";
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter), headers: { "X-Part": "panel" } });
    said = await answer.text();
  } catch {
    answer = null; // No connection: what was written stays where it is.
  }
  isUnderWay = false;
  for (const button of buttons) button.disabled = false;
  if (!answer || answer.redirected || !isPart(said)) return tellUnsent(form, answer);
  if (area && answer.ok && area.value === sent) letGo(area);
  if (!part.contains(form)) return; // the reader has turned to another part meanwhile
  const writing = document.activeElement?.matches("[data-mentions]") && document.activeElement !== area ? document.activeElement : null;
  part.innerHTML = said;
  if (area && !answer.ok) holdAnew(area);
  putBack(part);
  const open = part.querySelectorAll(".cm-thread:not(.is-resolved)").length;
  const tab = document.querySelector("[data-tab=comments]");
  let count = tab?.querySelector("[data-count]");
  if (tab && open && !count) {
    count = document.createElement("b");
    count.className = "sp-count";
    count.dataset.count = "";
    tab.append(count);
  }
  if (count && open) count.textContent = open;
  else count?.remove();
  const goOn = writing || (answer.ok ? null : area);
  const input = goOn && (part.querySelector(`#${CSS.escape(goOn.id)}`) || part.querySelector("textarea"));
  if (!input) return part.closest("[tabindex]")?.focus();
  input.focus();
  if (writing) input.setSelectionRange(writing.selectionStart, writing.selectionEnd);
};
part?.addEventListener("input", (event) => event.target.matches("[data-mentions]") && holdDraft(event.target));
part?.addEventListener("change", (event) => {
  const area = event.target.matches("[name=field]") && event.target.form.querySelector("[data-mentions]");
  if (area) holdDraft(area);
});
part?.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-comment-form]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  send(form, event.submitter);
});
part?.addEventListener("click", (event) => {
  const edit = event.target.closest("[data-edits-comment]");
  const fold = event.target.closest("[data-unfold]");
  const comment = (edit || fold)?.closest(".cm");
  if (comment) {
    const area = comment.querySelector("textarea");
    if (fold) {
      area.value = area.defaultValue;
      letGo(area);
    }
    unfold(comment, Boolean(edit));
    (edit ? area : comment.querySelector("[data-edits-comment]")).focus();
  }
  const about = event.target.closest("[data-about]");
  const input = about && document.getElementById(about.getAttribute("href").slice(1));
  if (input) {
    event.preventDefault();
    (input.tomselect || input).focus();
    input.scrollIntoView({ block: "center" });
  }
});
const standInAnswer = ({ target }) => {
  if ("putBack" in target.dataset) delete target.dataset.putBack;
  else if (target.open) target.querySelector("textarea")?.focus();
};
part?.addEventListener("toggle", standInAnswer, true);

// Mentions: what stands between an @ and the cursor is looked up.
const menu = document.createElement("ul");
menu.className = "cm-menu";
menu.id = "cm-menu";
menu.setAttribute("role", "listbox");
menu.hidden = true;
let area = null;
let started = 0;
let turn = 0;
const close = () => {
  menu.hidden = true;
  area?.removeAttribute("aria-activedescendant");
  area?.setAttribute("aria-expanded", "false");
  area = null;
};
const choose = (option) => {
  const input = area;
  const text = `@${option.dataset.name} `;
  input.setRangeText(text, started, input.selectionStart, "end");
  holdDraft(input);
  close();
  input.focus();
};
const mark = (option) => {
  for (const other of menu.children) other.setAttribute("aria-selected", String(other === option));
  area.setAttribute("aria-activedescendant", option.id);
};
const look = async (input) => {
  const before = input.value.slice(0, input.selectionStart);
  const found = /(^|\s)@([\p{L}\p{M}\w.+-]{0,40})$/u.exec(before);
  const mine = ++turn;
  if (!found) return close();
  const form = input.closest("[data-people]");
  const answer = await fetch(`${form.dataset.people}?q=${encodeURIComponent(found[2])}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (mine !== turn || !answer?.ok) return;
  const { data } = await answer.json();
  if (mine !== turn) return;
  if (!data.length) return close();
  area = input;
  started = before.length - found[2].length - 1;
  menu.replaceChildren(
    ...data.map((person, place) => {
      const option = document.createElement("li");
      option.id = `cm-option-${place}`;
      option.setAttribute("role", "option");
      option.dataset.name = person.name;
      const name = document.createElement("b");
      name.textContent = person.text;
      const login = document.createElement("span");
      login.textContent = `@${person.name}`;
      option.append(name, login);
      return option;
    }),
  );
  input.after(menu);
  menu.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", menu.id);
  mark(menu.firstElementChild);
};
part?.addEventListener("input", (event) => event.target.matches("[data-mentions]") && look(event.target));
part?.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-mentions]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (menu.hidden || area !== event.target) return;
  const options = [...menu.children];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(options[(at + step + options.length) % options.length]);
  else if (event.key === "Enter" || event.key === "Tab") choose(options[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
});
menu.addEventListener("mousedown", (event) => {
  const option = event.target.closest("li");
  if (!option) return;
  event.preventDefault();
  choose(option);
});
part?.addEventListener("focusout", () => setTimeout(() => area && document.activeElement !== area && close(), 100));
