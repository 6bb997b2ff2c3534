// Wall time: what the clocks of a place show, without a zone, such as 2027-05-24T18:00.
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
