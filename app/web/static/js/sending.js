// Sends pictures to the server, two at once; who asks hears how far each is, and why one was refused.
const words = document.getElementById("upload-words")?.dataset;
const AT_ONCE = 2;
// A server that has too much to do says when to come again: then a file is sent again by itself, so many times.
const MOST_TRIES = 6;
const LONGEST_REST = 60;
const line = [];
let running = 0;

export const mayUpload = Boolean(words);

export const sizeOf = (bytes) =>
  new Intl.NumberFormat(document.documentElement.lang || undefined, {
    style: "unit",
    unit: bytes < 1e6 ? "kilobyte" : "megabyte",
    unitDisplay: "short",
    maximumFractionDigits: bytes < 1e6 ? 0 : 1,
  }).format(Math.max(1, bytes / (bytes < 1e6 ? 1e3 : 1e6)));

// What is known to be refused is not sent; the server looks again, and deeper.
const fault = (file) => {
  if (!words.types.split(",").includes(file.type)) return words.type;
  if (!file.size) return words.empty;
  return file.size > Number(words.most) ? words.large : "";
};

const refusal = (request) => {
  let said = {};
  try {
    said = JSON.parse(request.responseText);
  } catch {
    // No answer of ours: a proxy's page, or nothing.
  }
  if (request.status === 401) return { text: words.signedOut, again: true };
  if (request.status === 413) return { text: words.large, again: false };
  const sentences = Object.values(said.errors || {}).flat();
  if (request.status === 422) return { text: sentences.join(" ") || said.detail || words.fault, again: false };
  return { text: said.detail || words.fault, again: true };
};

// How many milliseconds to rest; half as much again by chance, so that all who wait do not come at once.
const restFor = (request) => {
  const asked = Number(request.getResponseHeader("Retry-After"));
  return request.status === 503 && asked > 0 && asked <= LONGEST_REST ? asked * 1000 * (1 + Math.random() / 2) : 0;
};

const begin = () => {
  while (running < AT_ONCE && line.length) {
    const next = line.shift();
    running += 1;
    next();
  }
};

// Gives {promise, stop}. The promise holds the picture's JSON, or is refused with {text, again, stopped}.
export const send = (file, { onProgress = () => {}, onStart = () => {}, onRest = () => {} } = {}) => {
  const known = fault(file);
  if (known) return { promise: Promise.reject({ text: known, again: false }), stop() {} };
  const request = new XMLHttpRequest();
  let start;
  let refuse;
  let ended;
  let tries = 0;
  let resting = 0;
  const promise = new Promise((fulfil, reject) => {
    refuse = reject;
    ended = () => {
      running -= 1;
      begin();
    };
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("load", () => {
      const rest = tries < MOST_TRIES ? restFor(request) : 0;
      if (request.status === 201 || request.status === 202) fulfil(JSON.parse(request.responseText).data);
      else if (rest) {
        onRest();
        resting = setTimeout(start, rest);
      } else reject(refusal(request));
    });
    request.addEventListener("error", () => reject({ text: words.offline, again: true }));
    request.addEventListener("timeout", () => reject({ text: words.offline, again: true }));
    request.addEventListener("abort", () => reject({ stopped: true, again: true }));
    // Its place is kept while it rests: the files behind it would be told the same.
    request.addEventListener("loadend", () => resting || ended());
    start = () => {
      resting = 0;
      tries += 1;
      onStart();
      const body = new FormData();
      body.append("file", file, file.name);
      if (words.owner) body.append("owner", words.owner);
      if (words.into) body.append("folder", words.into);
      request.open("POST", words.url);
      request.timeout = 300_000;
      request.setRequestHeader("X-CSRFToken", words.token);
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    };
    line.push(start);
  });
  const stop = () => {
    const place = line.indexOf(start);
    if (place >= 0) {
      line.splice(place, 1);
      refuse({ stopped: true, again: true });
    } else if (resting) {
      clearTimeout(resting);
      resting = 0;
      refuse({ stopped: true, again: true });
      ended();
    } else request.abort();
  };
  queueMicrotask(begin);
  return { promise, stop };
};

export const patch = async (id, facts) => {
  const answer = await fetch(`${words.url}${id}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/json", "X-CSRFToken": words.token, Accept: "application/json" },
    body: JSON.stringify(facts),
  });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || words.fault);
  return (await answer.json()).data;
};

export const read = async (id) => {
  const answer = await fetch(`${words.url}${id}`, { headers: { Accept: "application/json" } });
  return answer.ok ? (await answer.json()).data : null;
};

// Pictures of a drop or a paste; a folder is no file and is left out.
export const picturesOf = (transfer) => {
  const entries = [...(transfer?.items || [])].filter((item) => item.kind === "file");
  const folders = new Set(entries.filter((item) => item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()?.name));
  return [...(transfer?.files || [])].filter((file) => !folders.has(file.name));
};
export const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
