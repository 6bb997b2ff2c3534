// A form of ours in a drawer beside the one that one is in: a related record is added or changed, and comes back.
const dialog = document.getElementById("drawer");
let waiting = null;
let isDirty = false;

const close = () => {
  dialog.querySelector("iframe")?.remove();
  waiting = null;
  isDirty = false;
  if (dialog.open) dialog.close();
};

export const openDrawer = (url, { title = "", onSaved = () => {} } = {}) => {
  if (!dialog) {
    location.assign(url);
    return;
  }
  const address = new URL(url, location.href);
  address.searchParams.set("drawer", "1");
  const frame = Object.assign(document.createElement("iframe"), { src: address.href, title, className: "f-drawer-frame" });
  dialog.querySelector("iframe")?.remove();
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".f-drawer-wait").hidden = false;
  frame.addEventListener("load", () => {
    dialog.querySelector(".f-drawer-wait").hidden = true;
    frame.contentWindow?.focus();
  });
  dialog.append(frame);
  waiting = onSaved;
  dialog.showModal();
};

const mayClose = () => !isDirty || window.confirm(dialog.dataset.closing);
dialog?.addEventListener("cancel", (event) => {
  if (!mayClose()) event.preventDefault();
});
dialog?.addEventListener("close", close);
dialog?.addEventListener(
  "click",
  (event) => {
    const isOutside = event.target === dialog || event.target.closest("[data-close]");
    if (!isOutside) return;
    event.stopPropagation();
    if (mayClose()) close();
  },
  true,
);
addEventListener("message", (event) => {
  const frame = dialog?.querySelector("iframe");
  if (event.origin !== location.origin || !frame || event.source !== frame.contentWindow) return;
  const { festoon, record } = event.data || {};
  if (festoon === "dirty") isDirty = Boolean(event.data.isDirty);
  if (festoon === "close" && mayClose()) close();
  if (festoon !== "saved") return;
  const tell = waiting;
  close();
  tell?.(record);
});
