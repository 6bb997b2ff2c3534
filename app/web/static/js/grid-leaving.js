// Other records in place of a spreadsheet that holds unsaved cells: it is asked first.
import { askBefore } from "./going.js";

/** Ask whenever the list is about to go elsewhere while `isUnsaved`. */
export const guardCells = (isUnsaved) =>
  askBefore(() => {
    if (!isUnsaved()) return true;
    const dialog = document.querySelector("[data-grid-leaving]");
    dialog.returnValue = "";
    if (!dialog.open) dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "leave"), { once: true }));
  });
