// Blocks of cells as spreadsheets put them on the clipboard: tabs between cells, lines between rows, quotation marks
// around what holds either. What a cell shows is the word of its value.

const choices = (head) => [...head.querySelectorAll("datalist option")];

/** Give the word of a value of a column. */
export const wordOf = (head, raw) => (raw && choices(head).find((choice) => choice.value === raw)?.textContent) || raw;

/** Read a word, or a value, of a column; whatever the case. */
export const readWord = (head, text) => {
  const bare = text.trim();
  return choices(head).find((choice) => choice.textContent.toLocaleLowerCase() === bare.toLocaleLowerCase())?.value ?? bare;
};

// The empty line that most programs leave at the end is none.
const readBlock = (text) => {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    const row = rows.at(-1);
    const isStart = row.at(-1) === "";
    if (quoted) {
      if (sign === '"' && text[at + 1] === '"') {
        row[row.length - 1] += '"';
        at += 1;
      } else if (sign === '"') quoted = false;
      else row[row.length - 1] += sign;
    } else if (sign === '"' && isStart) quoted = true;
    else if (sign === "\t") row.push("");
    else if (sign === "\n") rows.push([""]);
    else if (sign !== "\r") row[row.length - 1] += sign;
  }
  const last = rows.at(-1);
  if (rows.length > 1 && last.length === 1 && last[0] === "") rows.pop();
  return rows;
};

const writeBlock = (rows) =>
  rows.map((row) => row.map((text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join("\t")).join("\n");

/** Follow the clipboard, but not that of an open cell; `copied` gives the chosen words by row. */
export const followClipboard = (table, { copied, paste }) => {
  const isTyping = (event) => event.target.closest("input, textarea");
  table.addEventListener("copy", (event) => {
    if (isTyping(event)) return;
    event.clipboardData.setData("text/plain", writeBlock(copied()));
    event.preventDefault();
  });
  table.addEventListener("paste", (event) => {
    if (isTyping(event)) return;
    event.preventDefault();
    paste(readBlock(event.clipboardData.getData("text/plain")));
  });
};
