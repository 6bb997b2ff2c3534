// One value of a record written from a list. It names the revision that was seen, so that nobody's word is overwritten.
import { ask } from "./asking.js";

const after = new Map(); // what a revision became by a write of this page

/** Write a value; resolves as `ask` does. */
export const writeCell = async (url, field, value, revision, csrf = "") => {
  const answer = await ask(url, { body: { field, value, revision }, csrf, keeps: true });
  const made = String(answer.facts.revision ?? "");
  if (answer.ok && made !== String(revision)) after.set(`${url} ${revision}`, made);
  return answer;
};

/** Put back what a write replaced, unless somebody else saved since: one's own later writes are no such thing. */
export const takeBack = (url, field, { old, revision }, csrf = "") => {
  let known = String(revision);
  while (after.has(`${url} ${known}`)) known = after.get(`${url} ${known}`);
  return writeCell(url, field, old, known, csrf);
};
