// Packages, themes, festivals and reviews in the visitor's language.
import { day, find, locale, make, money, open, picture, say, text, translates } from "./page.js";
import { get } from "./api.js";
import { openBooking } from "./booking.js";
import { openVenue } from "./rooms.js";

export async function showCatalogue() {
  const lang = locale();
  const today = new Date().toISOString().slice(0, 10);
  await Promise.all([
    fill("#package-cards", `/packages?lang=${lang}&page[size]=12`, packageCard),
    fill("#venue-cards", `/venues?lang=${lang}&page[size]=12`, venueCard),
    fill("#theme-cards", `/themes?lang=${lang}&page[size]=12`, themeCard),
    fill("#festival-days", `/festivals?lang=${lang}&filter[starts_on][gte]=${today}&sort=starts_on&page[size]=8`, festivalDay),
    fill("#voice-cards", `/testimonials?lang=${lang}&filter[rating][gte]=4&page[size]=6`, voice),
  ]);
}

async function fill(selector, path, card) {
  const place = find(selector);
  const row = place.tagName === "OL" ? "li" : "p";
  try {
    const { data } = await get(path, { anonymous: true });
    place.replaceChildren(...data.map(card));
    if (!data.length) place.replaceChildren(make(row, { class: "none" }, say("nothing_here")));
    if (selector === "#theme-cards") heroPictures(data);
  } catch {
    place.replaceChildren(make(row, { class: "none" }, say("went_wrong"), " ", make("button", { type: "button", class: "quiet", onclick: showCatalogue }, say("try_again"))));
  } finally {
    place.removeAttribute("aria-busy");
  }
}

function heroPictures(themes) {
  const pictures = themes.map((theme) => theme.pictures[0]?.picture).filter(Boolean).slice(0, 3);
  find("#hero-pictures").replaceChildren(...pictures.map((facts) => picture(facts, "(min-width: 900px) 24rem, 80vw", { alt: "", loading: "eager" })));
}

const place = (path, id, field, row) => `/${path}/${id}/text?${row ? `row=${row}&` : ""}field=${field}`;

const pictureOf = (record, sizes) => {
  const first = record.pictures[0];
  return picture(first?.picture, sizes, { alt: first?.alt ?? "" });
};

function stars(average, count) {
  if (!count) return null;
  return make("p", { class: "stars" }, make("span", { "aria-hidden": "true" }, "★"), ` ${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(average)}`, make("span", { class: "soft" }, ` (${new Intl.NumberFormat(locale()).format(count)})`));
}

function packageCard(found) {
  return make("article", { class: "card" },
    make("button", { type: "button", class: "cover", "aria-label": found.name, onclick: () => openPackage(found) }, pictureOf(found, "(min-width: 1100px) 22rem, (min-width: 640px) 45vw, 92vw")),
    text("h3", { lang: found.languages.name }, found.name, place("packages", found.id, "name"), "2"),
    stars(found.rating_average, found.rating_count),
    text("p", { class: "soft lines", lang: found.languages.description }, found.description ?? "", place("packages", found.id, "description")),
    make("p", { class: "price" }, make("strong", {}, money(found.price)), make("button", { type: "button", class: "button small", onclick: () => openBooking(found) }, say("book"))));
}

function venueCard(found) {
  return make("article", { class: "card" },
    make("button", { type: "button", class: "cover", "aria-label": found.name, onclick: () => openVenue(found) }, pictureOf(found, "(min-width: 1100px) 22rem, (min-width: 640px) 45vw, 92vw")),
    text("h3", { lang: found.languages.name }, found.name, place("venues", found.id, "name")),
    text("p", { class: "soft lines", lang: found.languages.description }, found.description ?? "", place("venues", found.id, "description")),
    make("p", { class: "price" }, make("span", { class: "soft" }, found.city?.name ?? ""), make("button", { type: "button", class: "button small", onclick: () => openVenue(found) }, say("see_free"))));
}

function openPackage(found) {
  open(text("span", { lang: found.languages.name }, found.name, place("packages", found.id, "name")),
    make("div", { class: "gallery" }, ...found.pictures.map((item) => picture(item.picture, "(min-width: 700px) 40rem, 92vw", { alt: item.alt ?? "" }))),
    text("p", { lang: found.languages.description }, found.description ?? "", place("packages", found.id, "description")),
    found.items.length ? make("h3", {}, say("included")) : null,
    make("ul", { class: "ticks" }, ...found.items.map((item) => make("li", {}, text("span", { lang: item.languages.text }, item.text, place("packages", found.id, "text", item.id))))),
    make("p", { class: "price" }, make("strong", {}, money(found.price)), make("button", { type: "button", class: "button", onclick: () => openBooking(found) }, say("book_this"))));
}

function themeCard(found) {
  return make("div", { class: "theme" },
    make("button", { type: "button", class: "theme-open", "aria-label": found.name, onclick: () => openTheme(found) }, pictureOf(found, "18rem")),
    text("span", { lang: found.languages.name, "aria-hidden": translates ? null : "true" }, found.name, place("themes", found.id, "name")));
}

function openTheme(found) {
  open(text("span", { lang: found.languages.name }, found.name, place("themes", found.id, "name")),
    text("p", { lang: found.languages.description }, found.description ?? "", place("themes", found.id, "description")),
    make("div", { class: "gallery" }, ...found.pictures.map((item) => picture(item.picture, "(min-width: 700px) 40rem, 92vw", { alt: item.alt ?? "" }))));
}

function festivalDay(found) {
  return make("li", {}, make("time", { datetime: found.starts_on }, day(found.starts_on)), text("span", { lang: found.languages.name }, found.name, place("festivals", found.id, "name")), make("span", { class: "soft" }, countryName(found.country)));
}

function countryName(code) {
  try {
    return new Intl.DisplayNames(locale(), { type: "region" }).of(code);
  } catch {
    return code;
  }
}

function voice(found) {
  return make("figure", { class: "voice" }, make("p", { class: "stars", "aria-label": say("stars_of_five", { count: found.rating }) }, "★".repeat(found.rating)), make("blockquote", { dir: "auto", lang: found.languages.message }, found.message), make("figcaption", { dir: "auto" }, found.author_name));
}
