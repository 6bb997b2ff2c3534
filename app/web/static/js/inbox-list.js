// The list of conversations: kept in step with the server row by row, so that nothing jumps under the pointer.
import { dress } from "./inbox-time.js";
import { announce, ask, base, draftOf, fill, inbox, parse, words } from "./inbox-wire.js";

const LATER = 150;
const SOON = 300;

export class List {
  constructor({ heard }) {
    this.heard = heard;
    this.box = inbox.querySelector("[data-list]");
    this.views = inbox.querySelector("[data-views]");
    this.search = inbox.querySelector("[data-search] input");
    this.search.addEventListener("input", () => this.later(() => this.refresh(true)));
    this.search.form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.refresh(true);
    });
    this.box.addEventListener("click", (event) => {
      const more = event.target.closest("[data-more]");
      if (!more) return;
      event.preventDefault();
      this.more(more);
    });
    // A row that is put in anew while a finger is on it loses the click.
    this.box.addEventListener("pointerdown", () => (this.isPressed = true));
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(() => (this.isPressed = false)));
    this.dress();
  }

  get rows() {
    return [...this.box.querySelectorAll(".i-row")];
  }
  get view() {
    return inbox.dataset.view;
  }
  get address() {
    const query = new URLSearchParams({ view: this.view });
    if (this.search.value.trim()) query.set("q", this.search.value.trim());
    return query.toString();
  }

  later(work) {
    clearTimeout(this.timer);
    this.timer = setTimeout(work, LATER);
  }
  /** Refresh once for all the news of a moment. */
  soon() {
    this.due ||= setTimeout(() => {
      this.due = null;
      this.refresh();
    }, SOON);
  }

  /** Ask for the first page and put it in; what was loaded beyond it stays. Another view goes before the rest. */
  async refresh(isAnother = false) {
    if (this.asking && !isAnother) {
      this.again = true;
      return;
    }
    this.asking?.abort();
    const own = (this.asking = new AbortController());
    if (isAnother) this.box.setAttribute("aria-busy", "true");
    try {
      const url = `${base}/?${this.address}&current=${inbox.dataset.current || ""}`;
      const answer = await ask(url, "list", null, own.signal);
      if (this.isPressed && !isAnother) this.again = true;
      else this.take(answer, isAnother);
    } catch (error) {
      if (error.name === "AbortError") return;
    } finally {
      if (this.asking === own) this.asking = null;
    }
    this.box.removeAttribute("aria-busy");
    if (this.again) {
      this.again = false;
      this.soon();
    }
  }

  take(answer, isAnother = false) {
    const focused = document.activeElement?.closest(".i-row")?.dataset.id;
    const fresh = parse(answer.list);
    const before = new Map(this.rows.map((row) => [row.dataset.id, row]));
    const rows = [...fresh.querySelectorAll(".i-row")];
    if (!isAnother) this.listen(before, rows, answer.waiting);
    const oldest = rows.at(-1)?.dataset.at || "";
    const ids = new Set(rows.map((row) => row.dataset.id));
    const beyond = isAnother || !fresh.querySelector("[data-more]") ? [] : this.rows.filter((row) => !ids.has(row.dataset.id) && row.dataset.at < oldest);
    const list = this.box.querySelector("[data-rows]");
    if (!rows.length || !list) this.box.replaceChildren(fresh);
    else {
      list.replaceChildren(...rows.map((row) => this.same(before.get(row.dataset.id), row)), ...beyond);
      if (!beyond.length) {
        this.box.querySelector("[data-more]")?.remove();
        const more = fresh.querySelector("[data-more]");
        if (more) list.after(more);
      }
    }
    if (isAnother) this.box.scrollTop = 0;
    this.views.replaceChildren(parse(answer.views));
    inbox.dataset.waiting = answer.waiting;
    this.dress();
    if (focused) this.rows.find((row) => row.dataset.id === focused)?.querySelector("a").focus({ preventScroll: true });
    this.heard(answer.waiting);
  }

  /** Keep a row that says the same as before. */
  same(old, row) {
    const html = row.outerHTML;
    if (old?.festoonHtml === html) return old;
    row.festoonHtml = html;
    return row;
  }

  /** Say aloud what came in. */
  listen(before, rows, waiting) {
    const unread = (row) => Number(row?.dataset.unread || 0);
    const louder = rows.find((row) => unread(row) > unread(before.get(row.dataset.id)));
    if (!louder || this.rows.length === 0) return;
    if (louder.dataset.id !== inbox.dataset.current || document.hidden) {
      const name = louder.querySelector(".i-line-name bdi").textContent;
      announce(fill(words.said, { name, text: louder.querySelector(".i-line-text > bdi").textContent }));
      this.heard(waiting, true);
    }
  }

  async more(link) {
    link.setAttribute("aria-busy", "true");
    try {
      const fresh = parse((await ask(link.href, "list")).list);
      const known = new Set(this.rows.map((row) => row.dataset.id));
      const rows = [...fresh.querySelectorAll(".i-row")].filter((row) => !known.has(row.dataset.id));
      this.box.querySelector("[data-rows]").append(...rows);
      link.remove();
      const next = fresh.querySelector("[data-more]");
      if (next) this.box.append(next);
      this.dress();
      rows[0]?.querySelector("a").focus({ preventScroll: true });
    } catch {
      link.removeAttribute("aria-busy");
    }
  }

  /** Write times, drafts and which conversation is open into the rows. */
  dress() {
    dress(this.box);
    const current = inbox.dataset.current;
    for (const row of this.rows) {
      const link = row.querySelector("a");
      if (row.dataset.id === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      const draft = row.dataset.id !== current && draftOf(row.dataset.id);
      const text = row.querySelector(".i-line-text");
      text.querySelector(".is-draft")?.remove();
      if (draft) {
        const mark = document.createElement("span");
        mark.className = "is-draft";
        mark.textContent = `${words.draft}: ${draft.text.slice(0, 60)} `;
        text.prepend(mark);
      }
    }
  }

  choose(view) {
    inbox.dataset.view = view;
    this.search.value = "";
    for (const link of this.views.querySelectorAll("[data-view]")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    return this.refresh(true);
  }

  /** The row above or below the one that is open, or that has the focus. */
  beside(step) {
    const { rows } = this;
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    const at = focused >= 0 ? focused : rows.findIndex((row) => row.dataset.id === inbox.dataset.current);
    return rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
  }
}
