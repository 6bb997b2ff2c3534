// Blocks of cells as spreadsheets put them on the clipboard: tabs between cells, lines between rows, quotation marks
// around what holds either.

/** Read a block; the empty line that most programs leave at the end is none. */
export const readBlock = (text) => {
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

/** Write a block. */
export const writeBlock = (rows) =>
  rows.map((row) => row.map((text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join("\t")).join("\n");
