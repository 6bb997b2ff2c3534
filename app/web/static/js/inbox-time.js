// Times in the reader's own zone and language, and the marks between days.
const locale = `${document.documentElement.lang}-u-nu-latn`;
const clock = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(locale, { weekday: "short" });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const anyDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
const ago = new Intl.RelativeTimeFormat(locale, { style: "narrow", numeric: "auto" });
const inWords = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const DAY = 86_400_000;

const startOf = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
const daysSince = (date) => Math.round((startOf(new Date()) - startOf(date)) / DAY);
const capital = (text) => text.charAt(0).toLocaleUpperCase(document.documentElement.lang) + text.slice(1);

export const clockOf = (iso) => clock.format(new Date(iso));
export const dayKey = (iso) => startOf(new Date(iso)).getTime();

const short = (date) => {
  const minutes = Math.floor((Date.now() - date) / 60_000);
  const days = daysSince(date);
  if (minutes < 1) return ago.format(0, "second");
  if (minutes < 60) return ago.format(-minutes, "minute");
  if (days < 1) return clock.format(date);
  return days < 7 ? weekday.format(date) : dayOfYear.format(date);
};
const day = (date) => {
  const days = daysSince(date);
  if (days < 2) return capital(inWords.format(-days, "day"));
  return (date.getFullYear() === new Date().getFullYear() ? longDay : anyDay).format(date);
};
const LOOKS = { short, day, clock: (date) => clock.format(date) };

/** Write every time below an element in the reader's own zone. */
export const dress = (root) => {
  for (const time of root.querySelectorAll("time[data-look]")) {
    const date = new Date(time.dateTime);
    const text = LOOKS[time.dataset.look](date);
    if (time.textContent !== text) time.textContent = text;
    time.title = exact.format(date);
  }
  for (const time of root.querySelectorAll("time[data-zone]")) {
    try {
      const zone = { hour: "numeric", minute: "2-digit", timeZone: time.dataset.zone };
      time.textContent = new Intl.DateTimeFormat(locale, zone).format(new Date());
    } catch {
      time.removeAttribute("data-zone");
    }
  }
};

/** Make the mark that begins a day. */
export const dayMark = (iso) => {
  const mark = document.createElement("li");
  const words = document.createElement("span");
  mark.className = "i-day";
  words.textContent = day(new Date(iso));
  mark.append(words);
  return mark;
};
