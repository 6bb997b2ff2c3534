// The messages of the open conversation: what comes in, what is seen, what stands before.
import { dayKey, dayMark, clockOf, dress } from "./inbox-time.js";
import { announce, ask, fill, form, icon, inbox, parse, unsentOf, words } from "./inbox-wire.js";

const JOINED_WITHIN = 300_000;
const NEAR = 80;

export class Thread {
  constructor(talk, { changed }) {
    this.talk = talk;
    this.changed = changed;
    this.list = talk.querySelector("[data-messages]");
    this.scroll = talk.querySelector("[data-scroll]");
    this.jump = talk.querySelector("[data-jump]");
    this.id = talk.dataset.id;
    this.url = talk.dataset.base;
    this.isAlive = true;
    this.hasNew = false;
    for (const state of this.list.querySelectorAll("[data-client]")) this.forget(state.dataset.client);
    this.arrange();
    dress(talk);
    this.toUnread();
    this.sticks = this.isAtEnd;
    this.scroll.addEventListener("scroll", () => ((this.sticks = this.isAtEnd), this.look()), { passive: true });
    // The composer grows with what is written: what was said last stays in sight.
    this.sizes = new ResizeObserver(() => this.sticks && this.toEnd());
    this.sizes.observe(this.scroll);
    this.jump.addEventListener("click", () => this.follow());
    this.list.addEventListener("click", (event) => this.press(event));
    this.look();
  }

  end() {
    this.isAlive = false;
    this.sizes.disconnect();
  }

  get rows() {
    return [...this.list.querySelectorAll(":scope > [data-seq]")];
  }
  get last() {
    return Math.max(0, ...this.rows.map((row) => Number(row.dataset.seq)));
  }
  get isAtEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
  }
  /** Begin at the first message that nobody has read, or at the end. */
  toUnread() {
    const mark = this.list.querySelector("[data-first-unread]");
    this.toEnd();
    if (!mark) return;
    const above = mark.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top;
    if (above < 0) this.scroll.scrollTop += above - NEAR;
  }
  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** Fetch what is new; one fetch at a time, and one more for what was told meanwhile. */
  async pull() {
    if (this.pulling) {
      this.again = true;
      return;
    }
    this.pulling = true;
    try {
      this.take(await ask(`${this.url}?after=${this.last}`, "messages"));
    } catch (error) {
      if (error.status === 404) this.changed(error);
    } finally {
      this.pulling = false;
      if (this.again && this.isAlive) {
        this.again = false;
        this.pull();
      }
    }
  }

  /** Put in what the server gave, without doubles. */
  take(answer) {
    if (!this.isAlive) return;
    const wasAtEnd = this.isAtEnd;
    const fresh = [];
    for (const row of parse(answer.messages).querySelectorAll("[data-seq]")) {
      if (this.list.querySelector(`[data-id="${CSS.escape(row.dataset.id)}"]`)) continue;
      if (row.dataset.client) this.forget(row.dataset.client);
      row.classList.add("is-fresh");
      this.list.append(row);
      fresh.push(row);
    }
    for (const waiting of this.list.querySelectorAll(":scope > .is-sending, :scope > .is-failed")) this.list.append(waiting);
    const { talk } = this;
    const was = [talk.dataset.status, talk.dataset.assignee].join();
    // Two answers may overtake each other: nobody reads back.
    if (answer.seen >= Number(talk.dataset.seen)) Object.assign(talk.dataset, { seen: answer.seen, seenAt: answer.seen_at });
    talk.dataset.read = Math.max(answer.read, Number(talk.dataset.read));
    const isAnother = was !== [answer.status, answer.assignee].join();
    Object.assign(talk.dataset, { status: answer.status, assignee: answer.assignee });
    this.arrange();
    dress(this.list);
    const theirs = fresh.filter((row) => row.dataset.side === "visitor");
    if (theirs.length) this.tell(theirs.at(-1));
    if (wasAtEnd) this.toEnd();
    else if (theirs.length) this.hasNew = true;
    this.look();
    if (isAnother || fresh.some((row) => row.dataset.kind === "system")) this.changed();
  }

  tell(row) {
    const text = row.querySelector(".i-bubble").textContent.slice(0, 200);
    announce(fill(words.said, { name: this.talk.querySelector("#talk-title").textContent, text }));
  }

  /** Fetch what stands before the first message, and stay where the reader was. */
  async earlier(link) {
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await ask(link.href, "messages");
      const first = this.rows[0];
      const top = first.getBoundingClientRect().top;
      link.closest(".i-earlier").remove();
      const before = parse(answer.messages);
      for (const row of before.querySelectorAll(".i-day, [data-first-unread]")) row.remove();
      this.list.prepend(before);
      this.arrange();
      dress(this.list);
      this.scroll.scrollTop += first.getBoundingClientRect().top - top;
    } catch {
      link.removeAttribute("aria-busy");
    }
  }

  /** Draw days, groups and marks anew in the reader's own time. */
  arrange() {
    for (const mark of this.list.querySelectorAll(".i-day")) mark.remove();
    let previous = null;
    for (const row of this.rows) {
      const isNewDay = !previous || dayKey(previous.dataset.at) !== dayKey(row.dataset.at);
      const mark = row.previousElementSibling?.matches(".i-new") ? row.previousElementSibling : row;
      if (isNewDay) mark.before(dayMark(row.dataset.at));
      const near = previous && new Date(row.dataset.at) - new Date(previous.dataset.at) < JOINED_WITHIN;
      const same = previous && previous.dataset.author === row.dataset.author && row.dataset.kind !== "system";
      const parted = row.previousElementSibling?.matches(".i-new");
      row.classList.toggle("is-joined", Boolean(!isNewDay && near && same && !parted));
      previous = row;
    }
    this.mark();
  }

  /** Write under the last answer whether it was seen, and when. */
  mark() {
    const seen = Number(this.talk.dataset.seen);
    const ours = this.rows.filter((row) => row.dataset.side === "own" && row.querySelector(".i-state"));
    const lastSeen = ours.filter((row) => Number(row.dataset.sequence) <= seen).at(-1);
    for (const row of ours) {
      const isSeen = Number(row.dataset.sequence) <= seen;
      const isLast = row === ours.at(-1) || row === lastSeen;
      row.classList.toggle("is-lastly", isLast);
      if (!isLast) continue;
      const at = row === lastSeen && this.talk.dataset.seenAt ? ` ${clockOf(this.talk.dataset.seenAt)}` : "";
      row.querySelector(".i-state").replaceChildren(icon(isSeen ? "checks" : "check"), (isSeen ? words.seen : words.sent) + at);
    }
  }

  read(facts) {
    if (facts.by !== "client") return;
    this.talk.dataset.seen = Math.max(facts.sequence, Number(this.talk.dataset.seen));
    this.talk.dataset.seenAt = new Date().toISOString();
    this.mark();
  }

  /** Tell the server what the reader has before their eyes. */
  look() {
    if (this.isAtEnd) this.hasNew = false;
    const mark = this.list.querySelector("[data-first-unread]");
    const isAbove = mark && mark.getBoundingClientRect().bottom < this.scroll.getBoundingClientRect().top;
    this.jump.hidden = this.isAtEnd && !isAbove;
    if (!this.isAtEnd || isAbove) {
      const goesUp = Boolean(isAbove && !this.hasNew && !this.hasLooked);
      this.jump.classList.toggle("is-up", goesUp);
      this.jump.querySelector("span").textContent = goesUp || this.hasNew ? words.new : words.latest;
      if (!goesUp) this.jump.hidden = this.isAtEnd;
    }
    if (mark && !isAbove) this.hasLooked = true;
    const seen = this.rows.filter((row) => row.dataset.side === "visitor").at(-1);
    const unread = seen && Number(seen.dataset.sequence) > Number(this.talk.dataset.read);
    if (!unread || !this.isAtEnd || document.hidden || !document.hasFocus() || !("answers" in this.talk.dataset)) return;
    if (inbox.dataset.show === "list" && getComputedStyle(this.talk).display === "none") return;
    this.talk.dataset.read = seen.dataset.sequence;
    const body = form({ sequence: seen.dataset.sequence, after: this.last });
    ask(`${this.url}/read`, "messages", body).then((answer) => this.take(answer), () => (this.talk.dataset.read = "0"));
  }

  follow() {
    const isUp = this.jump.classList.contains("is-up");
    if (isUp) this.toUnread();
    else this.toEnd();
    this.look();
  }

  press(event) {
    const link = event.target.closest("[data-earlier]");
    if (link) {
      event.preventDefault();
      this.earlier(link);
    }
  }

  /** Show a message that is on its way. */
  pend({ key, kind, text }) {
    const row = document.createElement("li");
    const bubble = document.createElement("p");
    const state = document.createElement("p");
    row.className = "i-message is-sending is-fresh";
    Object.assign(row.dataset, { side: "own", kind: kind === "note" ? "note" : "staff", pending: key });
    const said = document.createElement("span");
    bubble.className = "i-bubble";
    said.dir = "auto";
    said.textContent = text;
    bubble.append(said);
    state.className = "i-state";
    state.textContent = words.sending;
    row.append(bubble, state);
    this.list.append(row);
    this.toEnd();
    return row;
  }

  pending(key) {
    return this.list.querySelector(`[data-pending="${CSS.escape(key)}"]`);
  }

  /** A message that the server has needs no stand-in. */
  forget(key) {
    this.pending(key)?.remove();
  }

  fail(key, retry, discard, why) {
    const row = this.pending(key);
    if (!row) return;
    row.classList.replace("is-sending", "is-failed");
    const button = (label, press) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", press);
      return made;
    };
    const text = document.createElement("span");
    text.textContent = why || words.failed;
    row.querySelector(".i-state").replaceChildren(icon("alert-circle"), text, button(words.retry, retry), button(words.discard, discard));
  }

  get waiting() {
    return unsentOf(this.id);
  }
}
