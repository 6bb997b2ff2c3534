// The name of a record in web addresses, made of its title: plain letters for what is written in Latin ones, else its own.
const SPELT = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i" };
const GERMAN = { ä: "ae", ö: "oe", ü: "ue" };

const isLatin = (locale) => {
  try {
    return new Intl.Locale(locale).maximize().script === "Latn";
  } catch {
    return false;
  }
};

export const addressOf = (title, locale, longest = 200) => {
  let text = title.normalize("NFC").toLocaleLowerCase(locale);
  if (isLatin(locale)) {
    if (/^de\b/i.test(locale)) text = text.replace(/[äöü]/g, (letter) => GERMAN[letter]);
    text = text.replace(/[ßæœøđðłþı]/g, (letter) => SPELT[letter]).normalize("NFKD").replace(/\p{M}/gu, "");
    text = text.replace(/[^a-z0-9]+/g, "-");
  } else {
    // Vowel signs belong to the letters; Arabic's short vowels and its stretching are mere ornament.
    text = text.replace(/[\u064b-\u065f\u0670\u0640]/g, "").replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  }
  return text.replace(/^-+|-+$/g, "").slice(0, longest > 0 ? longest : 200).replace(/-+$/, "");
};
