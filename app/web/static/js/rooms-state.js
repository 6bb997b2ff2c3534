// What the parts of the calendar of rooms share: the page's settings, and what is on the screen.
export const place = document.querySelector("[data-rooms-calendar]");
export const settings = JSON.parse(place.dataset.settings);
export const words = settings.words;
export const csrf = place.dataset.csrf;
export const shown = { calendar: null, load: async () => {}, isBusy: false };
export const roomOf = (id) => settings.rooms.find((room) => room.id === id);

/** Find an event on the screen by its claim, and give it the focus. */
export const focusClaim = (claim) => {
  const found = place.querySelector(`[data-claim="${CSS.escape(claim)}"]`)?.closest(".ec-event");
  found?.focus({ preventScroll: false });
  return Boolean(found);
};

/** Find an event by its booking, and give it the focus. */
export const focusBooking = (booking) => {
  const found = place.querySelector(`[data-of="${CSS.escape(booking)}"]`)?.closest(".ec-event");
  found?.focus();
  return Boolean(found);
};
