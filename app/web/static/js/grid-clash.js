// What somebody else saved under a value that is typed over here: both stand in the cell until one of them is chosen.

/** The cells whose choice is open. */
export const clashesIn = (within) => [...within.querySelectorAll("td[data-clash]")];

/** Draw the choice into its cell; `ways` are pairs of words and what they do. */
export const drawChoice = (cell, said, ways) => {
  const choice = document.createElement("span");
  choice.className = "f-grid-clash";
  choice.append(said, " ");
  for (const [label, act] of ways) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "f-quiet", textContent: label });
    button.addEventListener("click", act);
    choice.append(button, " ");
  }
  cell.append(choice);
};

/** Walk the choice by keyboard: `leave(by)` goes to the cell (0) or to the one behind it (1). Tells whether it did. */
export const walkChoice = (event, leave) => {
  const buttons = [...event.target.closest(".f-grid-clash").querySelectorAll("button")];
  const isEdge = event.key === "Tab" && event.target === (event.shiftKey ? buttons[0] : buttons.at(-1));
  if (event.key !== "Escape" && !isEdge) return;
  event.preventDefault();
  event.stopPropagation();
  leave(isEdge && !event.shiftKey ? 1 : 0);
};
