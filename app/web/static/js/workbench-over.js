// Writes over what stands in an input so that undo brings it back.
const PASTE_TAKES = 2500; // at most, on a slow machine

/** Fill an input that nobody has typed in. */
export const fill = (input, text) => {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
};

// The editor of rich text can undo what is pasted into it; what it is simply given, it cannot.
const pasteOver = (input, area, text) => {
  const before = input.value;
  area.focus({ preventScroll: true });
  getSelection().selectAllChildren(area);
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", text);
  const isTaken = text && !area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  if (!isTaken) return fill(input, text);
  setTimeout(() => input.isConnected && input.value === before && fill(input, text), PASTE_TAKES);
};

/** Write `text` in place of all that an input holds, and go to its end. */
export const writeOver = (input, given) => {
  const area = input.closest("[data-rich]")?.querySelector(".f-rich-area");
  if (area) return pasteOver(input, area, given);
  const text = given.replace(/\r\n?/g, "\n");
  input.focus({ preventScroll: true });
  input.select();
  document.execCommand(text ? "insertText" : "delete", false, text);
  if (input.value !== text) fill(input, text); // where there is no such command, or it cuts at a limit
  input.setSelectionRange(text.length, text.length);
};
