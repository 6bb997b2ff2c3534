// How what is typed into the palette finds its own entries: by the beginnings of words, with one letter amiss.
const FEWEST = 4; // letters of a word in which a slip is allowed

// Arabic is written with and without the marks of its vowels and the seats of its hamza, Hindi with and without a nukta.
const MARKS = /[\u0300-\u036f\u064b-\u065f\u0670\u0640\u093c]/g;

/** Give a text as it is compared: small letters without accents, one space between words and none around. */
export const fold = (text) =>
  text
    .normalize("NFD")
    .replace(MARKS, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();

// An Arabic name is known with its article and without it.
const bare = (word) => (/^ال.{2}/.test(word) ? word.slice(2) : word);

/** List the words that were typed. */
export const typedWords = (text) => fold(text).split(" ").filter(Boolean).map(bare);

/** List the words by which an option is found: its own and those of its group. */
export const wordsOf = (option) => {
  const group = option.closest("[data-words]:not([role=option])")?.dataset.words ?? "";
  const words = fold(`${option.dataset.words ?? ""} ${group}`).split(" ");
  return words.flatMap((word) => [word, bare(word)]);
};

// Whether the word begins with what was typed but for one letter: left out, put in, another one, or two swapped.
const slips = (word, typed) => {
  let at = 0;
  while (at < typed.length && word[at] === typed[at]) at += 1;
  const [meant, wrote] = [word.slice(at), typed.slice(at)];
  if (meant.slice(1).startsWith(wrote)) return true;
  if (wrote.length < 2) return meant.length < 2; // a wrong last letter says too little of a word that goes on
  const rest = wrote.slice(1);
  const isSwapped = wrote[0] === meant[1] && wrote[1] === meant[0] && meant.slice(2).startsWith(wrote.slice(2));
  return meant.startsWith(rest) || meant.slice(1).startsWith(rest) || isSwapped;
};

/** Tell whether every typed word begins one of the words; in a guess it may have a slip. */
export const fits = (words, typed, isGuess = false) => {
  const begins = (word, part) => word.startsWith(part);
  const isNear = (word, part) => Math.min(word.length, part.length) >= FEWEST && slips(word, part);
  return typed.every((part) => words.some((word) => begins(word, part) || (isGuess && isNear(word, part))));
};
