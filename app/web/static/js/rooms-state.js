// What the parts of the calendar of rooms share: the page's settings, wall time without a zone, and what is on the screen.
export const place = document.querySelector("[data-rooms-calendar]");
export const settings = JSON.parse(place.dataset.settings);
export const words = settings.words;
export const csrf = place.dataset.csrf;
export const shown = { calendar: null, load: async () => {}, isBusy: false };
export const roomOf = (id) => settings.rooms.find((room) => room.id === id);

const pad = (number) => String(number).padStart(2, "0");
const written = (at) => at.toISOString().slice(0, 16);
const read = (wall) => new Date(`${wall.slice(0, 16)}Z`);

/** Write the wall time that the calendar gives as a date of the browser's own zone. */
export const wallOf = (date) =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;

/** Add a duration of the calendar to a wall time, whatever the clocks of the browser's zone do. */
export const added = (wall, { years = 0, months = 0, days = 0, seconds = 0 } = {}) => {
  const at = read(wall);
  at.setUTCFullYear(at.getUTCFullYear() + years, at.getUTCMonth() + months, at.getUTCDate() + days);
  at.setUTCSeconds(at.getUTCSeconds() + seconds);
  return written(at);
};

export const minutesBetween = (from, to) => Math.round((read(to) - read(from)) / 60000);

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
