// Tom Select refuses a paste while its input is not typed in; a form takes what is pasted, wherever it can be.
export const letPaste = (select) => {
  const take = select.onPaste;
  select.onPaste = (event) => {
    if (!select.isInputHidden) take.call(select, event);
  };
};
