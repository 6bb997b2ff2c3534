// Selects that search: a relation or a picture is looked up on the server as one types.
// The address answers {"data": [{"value", "text", "picture"}]} to ?q=.
const line = (item, escape) => {
  const picture = item.picture ? `<img class="f-thumb" src="${escape(item.picture)}" alt="" width="28" height="28">` : "";
  return `<div class="f-select-line">${picture}<span>${escape(item.text)}</span></div>`;
};

const lookup = (url) => async (query, done) => {
  try {
    const address = new URL(url, location.href);
    address.searchParams.set("q", query);
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    done(answer.ok ? (await answer.json()).data : []);
  } catch {
    done();
  }
};

const dress = (element) => {
  if (element.tomselect) return;
  const { lookup: url, words, none, clear } = element.dataset;
  const isMany = element.matches("input");
  for (const option of element.options || []) {
    if (option.dataset.picture) option.dataset.data = JSON.stringify({ picture: option.dataset.picture });
  }
  const settings = {
    valueField: "value",
    labelField: "text",
    searchField: ["text"],
    placeholder: words,
    hidePlaceholder: true,
    maxOptions: 400,
    maxItems: isMany ? null : 1,
    refreshThrottle: 0,
    plugins: isMany ? { remove_button: { title: clear } } : {},
    render: {
      option: line,
      item: line,
      no_results: () => `<div class="f-select-none">${none}</div>`,
      loading: () => `<div class="f-select-none" aria-busy="true"></div>`,
    },
  };
  if (isMany) settings.options = JSON.parse(element.dataset.chosen);
  if (url) Object.assign(settings, { preload: "focus", loadThrottle: 200, load: lookup(url), shouldLoad: () => true, score: () => () => 1 });
  const select = new window.TomSelect(element, settings);
  // What an older search brought must not stand between what the new one finds.
  if (url) select.on("type", () => select.clearOptions());
  element.setAttribute("aria-hidden", "true");
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (element.hasAttribute(name)) select.control_input.setAttribute(name, element.getAttribute(name));
  }
  if (!isMany && !element.required) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "f-select-clear", textContent: "×", title: clear });
    button.setAttribute("aria-label", clear);
    button.addEventListener("click", () => select.clear());
    select.wrapper.append(button);
  }
  select.on("change", () => element.dispatchEvent(new Event("input", { bubbles: true })));
};

const dressAll = (root) => {
  for (const element of root.querySelectorAll("[data-lookup], select[data-searchable]")) dress(element);
};
dressAll(document);
document.addEventListener("festoon:row", (event) => dressAll(event.target));
