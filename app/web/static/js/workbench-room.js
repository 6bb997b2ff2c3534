// Who else has this very text before them, and that somebody has just saved it.
import { live } from "./live.js";
import { show } from "./people.js";
import { desk } from "./workbench-text.js";

let leave = null;
let room = "";

/** Enter the room of the text on the page; `onChange` is called when somebody else saves it. */
export const enter = (onChange) => {
  const wanted = desk()?.dataset.room || "";
  if (wanted === room && leave) return;
  leave?.();
  leave = null;
  room = wanted;
  if (!wanted) return;
  let you = null;
  const draw = (viewers) => {
    const box = desk()?.querySelector("[data-text-people]");
    if (box && room === wanted) show(box, viewers.filter((one) => one.id !== you));
  };
  leave = live.join(wanted, {
    joined(answer) {
      if (!answer.ok) return;
      you = answer.you;
      draw(answer.viewers || []);
    },
    viewers: (facts) => draw(facts.viewers),
    changed: (facts) => facts.by !== you && room === wanted && onChange(),
  });
};
