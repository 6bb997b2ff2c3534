// Where a text stops being JSON: browsers say that in words of their own, or not at all.
const BLANK = /[ \t\r\n]*/y;
const PLAIN = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

// Gives the place of the first fault, the text's length where it only ends too early, -1 where all is well.
export const firstFault = (text) => {
  let at = 0;
  const past = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  const sign = (wanted) => {
    past(BLANK);
    if (text[at] !== wanted) return false;
    at += 1;
    return true;
  };
  const list = (end, item) => {
    if (sign(end)) return true;
    do {
      if (!item()) return false;
    } while (sign(","));
    return sign(end);
  };
  const value = () => {
    past(BLANK);
    if (text[at] === "{") {
      at += 1;
      return list("}", () => past(BLANK) && past(TEXT) && sign(":") && value());
    }
    if (text[at] === "[") {
      at += 1;
      return list("]", value);
    }
    return past(text[at] === '"' ? TEXT : PLAIN);
  };
  if (!value()) return past(BLANK) && at;
  past(BLANK);
  return at < text.length ? at : -1;
};
