// @ts-check
// Runs before anything is drawn, so that a dark page never flashes light.
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem("relgraph-theme");
  } catch {
    kept = null; // storage may be forbidden; the system's choice is used then
  }
  const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
