// @ts-check
// The button that changes between light and dark; theme.js reads the choice on the next page.

export function bindThemeButton() {
  document.getElementById("theme")?.addEventListener("click", () => {
    const { dataset } = document.documentElement;
    dataset.theme = dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("relgraph-theme", dataset.theme);
    } catch {
      // Without storage the choice lasts for this page.
    }
  });
}
