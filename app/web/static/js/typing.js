// What Tom Select refuses while its input is hidden, a form takes all the same.
export const letType = (select) => {
  const focus = select.focus;
  // It shows its input a moment after it has the focus, and until then swallows what a quick hand types.
  select.focus = () => {
    focus.call(select);
    if (document.activeElement === select.control_input) select.isInputHidden = false;
  };
  // It takes no paste into an input that is not typed in yet.
  const take = select.onPaste;
  select.onPaste = (event) => {
    if (!select.isInputHidden) take.call(select, event);
  };
};
