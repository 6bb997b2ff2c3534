// Setting rules of booking aside: a switch under the guard's answer, and a reason that must be given with it.

/**
 * Tie the switch of a form: `draw` shows what can be set aside, `chosen` names what is, `drop` turns it off, as for
 * another time. Without the right there is none.
 */
export const bindAside = (form, onSwitch) => {
  const box = form.querySelector("[data-aside]");
  if (!box) return { draw: () => {}, drop: () => {}, chosen: () => [], isOn: () => false };
  const { set_aside: input, reason } = form.elements;
  const part = (name) => form.querySelector(`[data-${name}]`);
  let rules = [];

  const isOn = () => input.checked && rules.length > 0;
  const settle = () => {
    reason.required = isOn();
    reason.setAttribute("aria-required", String(isOn()));
    for (const name of ["aside-why", "why-needed"]) if (part(name)) part(name).hidden = !isOn();
  };
  input.addEventListener("change", () => {
    settle();
    onSwitch();
    if (isOn() && !reason.value) reason.focus();
  });

  return {
    isOn,
    chosen: () => (isOn() ? rules : []),
    drop() {
      input.checked = false;
      settle();
    },
    draw(told) {
      const { is_offered: isOffered = false, rules: offered = [], said = "" } = told || {};
      if (String(offered) !== String(rules)) input.checked = false; // it was said of other rules
      rules = offered;
      part("aside-switch").hidden = !isOffered;
      part("aside-said").textContent = said;
      box.hidden = !said;
      settle();
    },
  };
};
