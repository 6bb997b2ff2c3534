// The input that opens in a cell of the spreadsheet: by the column's kind a list, a date, or a line of text.

const make = (head, raw, typed) => {
  const kind = head.dataset.kind;
  const options = [...head.querySelectorAll("datalist option")];
  if (options.length) {
    const select = document.createElement("select");
    if (!("required" in head.dataset) || !raw) select.append(new Option("", ""));
    for (const { value, textContent } of options) select.append(new Option(textContent, value, false, value === raw));
    if (typed) {
      const wanted = options.find((option) => option.textContent.toLocaleLowerCase().startsWith(typed.toLocaleLowerCase()));
      if (wanted) select.value = wanted.value;
    }
    return select;
  }
  const input = document.createElement(kind === "long_text" ? "textarea" : "input");
  if (kind === "date") input.type = "date";
  else if (kind === "time") input.type = "time";
  else if (kind === "instant") input.type = "datetime-local";
  else if (kind === "number" || kind === "rating") input.inputMode = "numeric";
  else if (kind === "money" || kind === "decimal") input.inputMode = "decimal";
  if (head.dataset.length) input.maxLength = head.dataset.length;
  const isDated = kind === "date" || kind === "time" || kind === "instant";
  input.value = typed !== null && !isDated ? typed : raw;
  return input;
};

// Names of related records are offered as one types.
const suggest = (input, url) => {
  const list = document.createElement("datalist");
  list.id = "grid-names";
  document.getElementById(list.id)?.remove();
  input.after(list);
  input.setAttribute("list", list.id);
  let waiting = 0;
  const look = async () => {
    const answer = await fetch(`${url}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { data } = await answer.json();
    list.replaceChildren(...data.map((found) => new Option(found.text ?? found.title ?? found.label)));
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 200);
  });
  look();
};

/** Open a cell. `done(raw, move)` is called with what was typed, `left()` when it was given up. */
export const openEditor = (cell, head, { typed, raw, done, left }) => {
  const input = make(head, raw, typed);
  input.className = input.matches("select") ? "form-select f-grid-input" : "form-control f-grid-input";
  input.setAttribute("aria-label", head.firstChild.textContent.trim());
  input.dir = "auto";
  cell.replaceChildren(input);
  if (head.dataset.lookup) suggest(input, head.dataset.lookup);
  input.focus();
  if (typed === null) input.select?.();
  let isOver = false;
  const end = (keep, move) => {
    if (isOver) return;
    isOver = true;
    const value = input.value;
    cell.replaceChildren();
    if (keep) done(value, move);
    if (!keep || value === raw) left(move);
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    const isLong = input.matches("textarea") && !event.ctrlKey && !event.metaKey && event.shiftKey;
    if (event.key === "Escape") end(false);
    else if (event.key === "Enter" && !isLong) end(true, { row: event.shiftKey ? -1 : 1 });
    else if (event.key === "Tab") end(true, { column: event.shiftKey ? -1 : 1 });
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => end(true));
};
