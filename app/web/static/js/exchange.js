// Shows how far a job is, until it is over; what then tells how it went may stand elsewhere (data-leads).
const EVERY = 1000;
const here = () => document.getElementById("progress");

const look = async () => {
  if (!here()?.hasAttribute("data-waits")) return;
  const answer = await fetch(location.href, { headers: { "X-Part": "progress" } }).catch(() => null);
  if (answer?.ok) {
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = read.getElementById("progress");
    if (fresh?.dataset.leads) return location.replace(fresh.dataset.leads);
    if (fresh) here().replaceWith(document.adoptNode(fresh));
  }
  setTimeout(look, EVERY);
};

setTimeout(look, EVERY);
