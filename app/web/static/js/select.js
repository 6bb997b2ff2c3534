// Selects that search: a relation or a picture is looked up on the server as one types.
// The address answers {"data": [{"value", "text", "line", "picture"}]} to ?q=.
import { openDrawer } from "./drawer.js";
import { letType } from "./typing.js";

const thumb = (item, escape) => (item.picture ? `<img class="f-thumb" src="${escape(item.picture)}" alt="" width="28" height="28">` : "");
const line = (item, escape) =>
  `<div class="f-select-line">${thumb(item, escape)}<span>${escape(item.text)}${item.line ? `<small>${escape(item.line)}</small>` : ""}</span></div>`;
const held = (item, escape) => `<div class="f-select-line">${thumb(item, escape)}<span>${escape(item.text)}</span></div>`;

const lookup = (url, isStill) => async (query, done) => {
  try {
    const address = new URL(url, location.href);
    address.searchParams.set("q", query);
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const found = answer.ok ? (await answer.json()).data : [];
    done(isStill(query) ? found : []); // what an older search brings late is no answer to what stands there now
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
      item: held,
      option_create: (data, escape) => `<div class="create f-select-line">+ ${escape(element.dataset.create.replace("{title}", data.input))}</div>`,
      no_results: () => `<div class="f-select-none">${none}</div>`,
      loading: () => `<div class="f-select-none" aria-busy="true"></div>`,
    },
  };
  const around = element.closest("[data-relation]");
  if (element.dataset.create && around) {
    Object.assign(settings, {
      persist: true,
      createFilter: (text) => text.trim().length > 1,
      create: (text, done) => {
        done();
        around.querySelector("[data-drawer-add]").dispatchEvent(new CustomEvent("click", { bubbles: true, detail: { title: text } }));
      },
    });
  }
  if (isMany) settings.options = JSON.parse(element.dataset.chosen);
  if (url) Object.assign(settings, { preload: "focus", loadThrottle: 200, load: lookup(url, (query) => select.inputValue() === query), shouldLoad: () => true, score: () => () => 1 });
  const select = new window.TomSelect(element, settings);
  letType(select);
  // What an older search brought must not stand between what the new one finds.
  if (url) select.on("type", () => select.clearOptions());
  if (isMany) select.on("item_add", () => select.setTextboxValue(""));
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

// A related record is added or changed in a drawer, and is chosen when it is saved.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-drawer-add], [data-drawer-edit]");
  if (!opener) return;
  const element = opener.closest("[data-relation]").querySelector("select");
  const select = element.tomselect;
  const { drawerAdd, drawerEdit, title } = opener.dataset;
  const key = select ? select.getValue() : element.value;
  const url = new URL(drawerAdd || `${drawerEdit}${key}/edit`, location.href);
  if (event.detail?.title) url.searchParams.set("title", event.detail.title);
  openDrawer(url.href, {
    title: `${opener.title}: ${title}`,
    onSaved: (record) => {
      if (select) {
        select.removeOption(record.value, true);
        select.addOption(record);
        select.setValue(record.value);
      }
      opener.focus();
      const announce = document.getElementById("announce");
      if (announce) announce.textContent = record.told;
    },
  });
});
document.addEventListener("change", (event) => {
  const pen = event.target.closest?.("[data-relation]")?.querySelector("[data-drawer-edit]");
  if (pen) pen.hidden = !event.target.closest("[data-relation]").querySelector("select").value;
});

const dressAll = (root) => {
  for (const element of root.querySelectorAll("select[data-lookup], input[data-lookup], select[data-searchable], input[data-searchable]")) dress(element);
};
dressAll(document);
document.addEventListener("festoon:row", (event) => dressAll(event.target));
