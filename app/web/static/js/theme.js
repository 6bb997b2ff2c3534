// Runs before the first paint: the theme and the sidebar stand as the reader left them, without a flash.
(function () {
  const root = document.documentElement;
  const cookie = (name) => (document.cookie.match(new RegExp("(?:^|; )" + name + "=([a-z]+)")) || [])[1];
  const system = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const wish = cookie("theme") || root.dataset.theme || root.getAttribute("data-bs-theme");
    root.dataset.theme = ["light", "dark"].includes(wish) ? wish : "auto";
    const isDark = root.dataset.theme === "dark" || (root.dataset.theme === "auto" && system.matches);
    root.setAttribute("data-bs-theme", isDark ? "dark" : "light");
  };
  show();
  system.addEventListener("change", show);
  document.addEventListener("festoon:theme", show);
  root.classList.add("js");
  if (cookie("side") === "narrow") root.classList.add("is-narrow");
})();
