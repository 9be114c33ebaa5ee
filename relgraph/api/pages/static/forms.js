// @ts-check
// The search field by its key, and forms that submit as soon as something is chosen.

export function bindFind() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    event.preventDefault();
    document.getElementById("find")?.focus();
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.closest("input, select, textarea") !== null;
}

export function bindForms() {
  /** @type {NodeListOf<HTMLSelectElement>} */
  const choices = document.querySelectorAll("select[data-submits]");
  for (const choice of choices) {
    choice.addEventListener("change", () => choice.form?.requestSubmit());
    choice.form?.classList.add("submits");
  }
}
