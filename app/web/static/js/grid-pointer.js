// Cells of the spreadsheet chosen by pointer: a click goes to one, drawing chooses a block, two clicks open a cell.
const INSIDE = "input, select, textarea, button";

/** Follow the pointer; `placeOf`, `go` and `edit` are the spreadsheet's. */
export const followPointer = (table, { placeOf, go, edit }) => {
  table.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.target.closest(INSIDE) || event.button) return;
    go(placeOf(cell), { extend: event.shiftKey });
    if (event.pointerType !== "mouse") return;
    event.preventDefault();
    const over = (moved) => {
      const other = document.elementFromPoint(moved.clientX, moved.clientY)?.closest("[data-grid] td");
      if (other) go(placeOf(other), { extend: true, focus: false });
    };
    document.addEventListener("pointermove", over);
    document.addEventListener("pointerup", () => document.removeEventListener("pointermove", over), { once: true });
  });
  table.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("td");
    if (cell && !event.target.closest(INSIDE)) edit(cell);
  });
};
