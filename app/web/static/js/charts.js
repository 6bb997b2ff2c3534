// Charts: drawn from the tables beneath them, in the colours of the theme; the library is fetched when the first is seen.
const root = document.documentElement;
const library = document.getElementById("charts-script").dataset.chartLibrary;
let fetching;
const fetchLibrary = () => (fetching ??= import(library).then(() => globalThis.Chart));
const drawn = new Map();
const isRtl = () => root.dir === "rtl";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// A canvas knows no variables and no light-dark(): an element that wears the colour tells it.
const probe = document.createElement("i");
probe.hidden = true;
const colour = (name) => {
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

const readTable = (chart) => {
  const rows = [...chart.querySelectorAll("tbody tr")];
  return rows.map((row) => ({
    label: row.cells[0].textContent,
    now: Number(row.dataset.now),
    before: Number(row.dataset.before),
    nowText: row.cells[1].textContent,
    beforeText: row.cells[2].textContent,
    url: row.querySelector("a")?.href,
  }));
};

const short = (chart) => {
  const options = { notation: "compact", maximumFractionDigits: 1 };
  const format = new Intl.NumberFormat(root.lang, options);
  return (value) => (Number.isInteger(value) || chart.dataset.currency ? format.format(value) : "");
};

const settings = (chart, points) => {
  const isBars = chart.dataset.chart === "bars";
  const faint = colour("--f-faint");
  const line = colour("--f-line");
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
  const plain = { grid: { display: false }, border: { color: line }, ticks: { color: faint, font, autoSkip: !isBars, maxRotation: 0 } };
  const counted = {
    beginAtZero: true,
    grid: { color: line, drawTicks: false },
    border: { display: false },
    ticks: { color: faint, font, padding: 6, maxTicksLimit: 5, callback: short(chart) },
  };
  const names = isBars ? { ...plain, position: isRtl() ? "right" : "left" } : { ...plain, reverse: isRtl() };
  const values = isBars ? { ...counted, reverse: isRtl() } : { ...counted, position: isRtl() ? "right" : "left" };
  const bar = { borderRadius: 3, maxBarThickness: 28, categoryPercentage: 0.72, barPercentage: 0.92 };
  return {
    type: "bar",
    data: {
      labels: points.map((point) => point.label),
      datasets: [
        { label: chart.dataset.now, data: points.map((point) => point.now), backgroundColor: colour("--f-accent"), ...bar },
        { label: chart.dataset.before, data: points.map((point) => point.before), backgroundColor: colour("--f-field-line"), ...bar },
      ],
    },
    options: {
      indexAxis: isBars ? "y" : "x",
      maintainAspectRatio: false,
      animation: calm.matches ? false : { duration: 300 },
      locale: root.lang,
      interaction: { mode: "index", intersect: false, axis: isBars ? "y" : "x" },
      scales: isBars ? { y: names, x: values } : { x: names, y: values },
      plugins: {
        legend: { display: false },
        tooltip: {
          rtl: isRtl(),
          textDirection: root.dir,
          backgroundColor: colour("--f-text"),
          titleColor: colour("--f-page"),
          bodyColor: colour("--f-page"),
          titleFont: { ...font, weight: 600 },
          bodyFont: font,
          padding: 10,
          cornerRadius: 6,
          boxWidth: 8,
          boxHeight: 8,
          callbacks: {
            label: ({ dataIndex, datasetIndex, dataset }) =>
              `${dataset.label}: ${datasetIndex ? points[dataIndex].beforeText : points[dataIndex].nowText}`,
          },
        },
      },
      onHover: (event, hit) => (event.native.target.style.cursor = hit.length && points[hit[0].index].url ? "pointer" : ""),
      onClick: (_event, hit) => {
        const url = hit.length && points[hit[0].index].url;
        if (url) location.assign(url);
      },
    },
  };
};

const draw = async (chart) => {
  const canvas = chart.querySelector("canvas");
  if (!canvas || drawn.has(chart)) return;
  drawn.set(chart, null);
  const Chart = await fetchLibrary();
  if (!chart.isConnected) return drawn.delete(chart);
  drawn.set(chart, new Chart(canvas, settings(chart, readTable(chart))));
  chart.dataset.drawn = "";
};

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      if (target.matches("[data-chart-later]")) fetchChart(target, target.dataset.chartLater);
      else draw(target);
    }
  },
  { rootMargin: "200px" },
);

const watch = (within) => {
  for (const chart of within.querySelectorAll("[data-chart], [data-chart-later]")) seen.observe(chart);
};

// The inside of a widget comes when it is seen; its place is kept as large as it will be.
const fetchChart = async (place, url) => {
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const body = await answer.text();
    for (const [chart, made] of drawn) {
      if (!place.contains(chart)) continue;
      made?.destroy();
      drawn.delete(chart);
    }
    place.replaceChildren(new DOMParser().parseFromString(body, "text/html").querySelector("[data-chart]"));
    place.removeAttribute("data-chart-later");
    watch(place);
  } catch {
    place.querySelector("[data-failed]")?.removeAttribute("hidden");
  }
  place.removeAttribute("aria-busy");
};

document.addEventListener("click", (event) => {
  const other = event.target.closest("[data-chart-url]");
  if (other && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const place = other.closest("[data-chart]").parentElement;
    fetchChart(place, other.dataset.chartUrl).then(() => place.querySelector(".f-chart-currencies [aria-current]")?.focus());
  }
  if (event.target.closest("[data-print]")) print();
});

// Another theme, or paper, has other colours.
const redraw = () => {
  for (const [chart, made] of drawn) {
    if (!made) continue;
    const next = settings(chart, readTable(chart));
    made.data = next.data;
    made.options = { ...next.options, animation: false };
    made.resize();
    made.update("none");
  }
};
new MutationObserver(redraw).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
let worn;
addEventListener("beforeprint", () => {
  worn = root.getAttribute("data-bs-theme");
  root.setAttribute("data-bs-theme", "light");
  redraw();
});
addEventListener("afterprint", () => {
  root.setAttribute("data-bs-theme", worn);
  redraw();
});

// A part of the page that came later brings charts of its own; those that left with the old one are let go.
document.addEventListener("festoon:charts", ({ detail }) => {
  for (const [chart, made] of drawn) {
    if (chart.isConnected) continue;
    made?.destroy();
    drawn.delete(chart);
  }
  watch(detail);
});

watch(document);
