// Where an answer or a note is written: drafts, sending one after the other, canned answers.
import { ask, draftOf, form, inbox, keepDraft, keepUnsent, newKey, unsentOf, words } from "./inbox-wire.js";

const TYPING_EVERY = 2500;
const known = new Map(); // language -> canned answers
const isTouch = matchMedia("(hover: none) and (pointer: coarse)");

export class Composer {
  constructor(element, thread, { typing, sent }) {
    this.form = element;
    this.thread = thread;
    this.id = thread.id;
    this.typing = typing;
    this.sent = sent;
    this.text = element.querySelector("textarea");
    this.sending = Promise.resolve();
    this.canned = new Canned(element, this);
    this.restore();
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.submit();
    });
    this.text.addEventListener("input", () => this.type());
    this.text.addEventListener("keydown", (event) => this.press(event));
    this.text.addEventListener("blur", () => this.rest());
    for (const radio of element.querySelectorAll("[name=kind]")) radio.addEventListener("change", () => this.switched());
  }

  get kind() {
    return this.form.querySelector("[name=kind]:checked").value;
  }
  set kind(kind) {
    this.form.querySelector(`[name=kind][value=${kind}]`).checked = true;
    this.switched();
  }

  restore() {
    const draft = draftOf(this.id);
    if (draft && !this.text.value) {
      this.text.value = draft.text;
      this.kind = draft.kind === "note" ? "note" : "reply";
    }
    this.switched(false);
    for (const message of unsentOf(this.id)) {
      this.thread.pend(message);
      this.failed(message);
    }
  }

  switched(keeps = true) {
    const isNote = this.kind === "note";
    this.text.placeholder = isNote ? this.text.dataset.noteHint : this.text.dataset.replyHint;
    this.form.querySelector("[data-send-reply]").hidden = isNote;
    this.form.querySelector("[data-send-note]").hidden = !isNote;
    if (isNote) this.rest();
    if (keeps) this.keep();
  }

  focus(kind) {
    this.kind = kind;
    this.text.focus();
  }

  keep() {
    keepDraft(this.id, { kind: this.kind, text: this.text.value });
  }

  type() {
    this.keep();
    if (this.kind !== "reply") return;
    if (!this.text.value) this.rest();
    else if (!this.toldAt || Date.now() - this.toldAt > TYPING_EVERY) {
      this.toldAt = Date.now();
      this.typing(true);
    }
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.rest(), 2 * TYPING_EVERY);
  }

  rest() {
    clearTimeout(this.idle);
    if (this.toldAt) this.typing(false);
    this.toldAt = 0;
  }

  press(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && (!isTouch.matches || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "/" && !this.text.value.trim()) {
      event.preventDefault();
      this.canned.open();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.text.blur();
      inbox.querySelector('[aria-current="true"]')?.focus();
    }
  }

  submit() {
    const text = this.text.value.trim();
    if (!text) {
      this.text.focus();
      return;
    }
    const message = { key: newKey(), kind: this.kind, text };
    keepUnsent(this.id, [...unsentOf(this.id), message]);
    this.text.value = "";
    this.rest();
    this.thread.pend(message);
    this.kind = "reply";
    keepDraft(this.id, null);
    this.text.focus();
    this.send(message);
  }

  /** Messages leave in the order in which they were written. */
  send(message) {
    const { thread } = this;
    const leave = async () => {
      const row = thread.pending(message.key);
      row?.classList.replace("is-failed", "is-sending");
      row?.querySelector(".i-state").replaceChildren(words.sending);
      const body = form({ text: message.text, kind: message.kind, client_key: message.key, after: thread.last });
      try {
        const answer = await ask(`${thread.url}/messages`, "messages", body);
        this.drop(message);
        thread.take(answer);
        this.sent();
      } catch (error) {
        this.failed(message, error.status === 422 ? error.detail : "");
      }
    };
    this.sending = this.sending.then(leave);
    return this.sending;
  }

  failed(message, why = "") {
    const discard = () => {
      this.drop(message);
      this.thread.forget(message.key);
      if (!this.text.value) {
        this.text.value = message.text;
        this.kind = message.kind;
        this.text.focus();
      }
    };
    this.thread.fail(message.key, () => this.send(message), discard, why);
  }

  drop(message) {
    keepUnsent(this.id, unsentOf(this.id).filter((other) => other.key !== message.key));
  }

  /** Send anew what did not go through; the server knows by the key what it has already. */
  resend() {
    for (const message of unsentOf(this.id)) {
      if (this.thread.pending(message.key)?.classList.contains("is-failed")) this.send(message);
    }
  }

  insert(text) {
    this.text.setRangeText(text, this.text.selectionStart, this.text.selectionEnd, "end");
    this.text.focus();
    this.type();
  }
}

class Canned {
  constructor(element, composer) {
    this.composer = composer;
    this.box = element.querySelector("[data-canned]");
    this.search = this.box.querySelector("[data-canned-search]");
    this.list = this.box.querySelector("[data-canned-list]");
    this.none = this.box.querySelector("[data-canned-none]");
    this.answers = [];
    this.at = 0;
    element.querySelector("[data-canned-open]").addEventListener("click", () => (this.box.hidden ? this.open() : this.close()));
    this.search.addEventListener("input", () => this.show());
    this.search.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose([...this.list.children].indexOf(row));
    });
    this.list.addEventListener("mousemove", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.point([...this.list.children].indexOf(row), false);
    });
    element.addEventListener("focusout", (event) => {
      if (!this.box.hidden && event.relatedTarget && !this.box.contains(event.relatedTarget)) this.close(false);
    });
  }

  async open() {
    this.box.hidden = false;
    this.search.value = "";
    this.search.focus();
    const { url } = this.box.dataset;
    try {
      if (!known.has(url)) known.set(url, (await ask(url, "canned")).answers);
    } catch {
      this.close();
      return;
    }
    this.answers = known.get(url);
    this.show();
  }

  close(refocus = true) {
    this.box.hidden = true;
    if (refocus) this.composer.text.focus();
  }

  show() {
    const sought = this.search.value.trim().toLocaleLowerCase();
    const rank = (answer) => (answer.shortcut.toLocaleLowerCase().startsWith(sought) ? 0 : 1);
    const fits = (answer) => `${answer.shortcut} ${answer.title} ${answer.text}`.toLocaleLowerCase().includes(sought);
    this.shown = this.answers.filter(fits).sort((one, other) => rank(one) - rank(other));
    this.list.replaceChildren(...this.shown.map((answer, at) => this.row(answer, at)));
    this.none.hidden = this.shown.length > 0;
    this.point(0);
  }

  row(answer, at) {
    const row = document.createElement("li");
    const title = document.createElement("span");
    const name = document.createElement("bdi");
    const code = document.createElement("code");
    const text = document.createElement("span");
    row.id = `canned-${at}`;
    row.setAttribute("role", "option");
    title.className = "i-canned-title";
    name.textContent = answer.title;
    code.textContent = answer.shortcut ? `/${answer.shortcut}` : "";
    text.className = "i-canned-text";
    text.dir = "auto";
    text.textContent = answer.text;
    title.append(name, code);
    row.append(title, text);
    return row;
  }

  point(at, scrolls = true) {
    const rows = [...this.list.children];
    this.at = rows.length ? (at + rows.length) % rows.length : 0;
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === this.at)));
    if (scrolls) rows[this.at]?.scrollIntoView({ block: "nearest" });
    if (rows.length) this.search.setAttribute("aria-activedescendant", `canned-${this.at}`);
    else this.search.removeAttribute("aria-activedescendant");
  }

  choose(at) {
    const answer = this.shown[at];
    if (!answer) return;
    this.close();
    this.composer.insert(answer.text);
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.point(this.at + step);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.at);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Backspace" && !this.search.value) this.close();
    else if (event.key === "/" && !this.search.value) {
      this.close();
      this.composer.insert("/");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
