// What every page does: theme, search by key, forms that submit on choice, figures of a picture.

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("relgraph-theme", root.dataset.theme);
  } catch {
    // Without storage the choice lasts for this page.
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    document.getElementById("find").focus();
  }
});

for (const choice of document.querySelectorAll("[data-submits]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
  choice.form.classList.add("submits");
}

const figures = document.querySelectorAll("[data-figures]");
function showFigures(id) {
  for (const one of figures) one.hidden = one.dataset.figures !== id;
  for (const one of document.querySelectorAll("[data-person]")) {
    one.classList.toggle("selected", one.dataset.person === id);
  }
}
if (figures.length) showFigures(figures[0].dataset.figures);
for (const link of figures.length ? document.querySelectorAll("[data-person]") : []) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    showFigures(link.dataset.person);
    // On a phone the figures stand below the list.
    if (innerWidth <= 640) document.querySelector(".figures").scrollIntoView();
  });
}
// Parts of the answer strip point at people; where there is no map they open their figures.
if (!document.getElementById("map")) {
  for (const link of document.querySelectorAll(".answer [data-ids]")) {
    const [first] = JSON.parse(link.dataset.ids);
    link.href = `/people/${encodeURIComponent(first)}`;
    link.addEventListener("click", (event) => {
      if (!figures.length) return;
      event.preventDefault();
      showFigures(first);
    });
  }
}

// The chain: choosing a way in the list shows its lines and step numbers in the drawing.
for (const choice of document.querySelectorAll("[data-choose-way]")) {
  choice.addEventListener("click", () => {
    const index = choice.dataset.chooseWay;
    for (const other of document.querySelectorAll("[data-choose-way]")) {
      other.setAttribute("aria-pressed", String(other === choice));
    }
    for (const tie of document.querySelectorAll(".tie")) {
      tie.classList.toggle("chosen", tie.dataset.ways.split(" ").includes(index));
    }
    for (const numbers of document.querySelectorAll(".numbers")) {
      numbers.classList.toggle("unchosen", numbers.dataset.way !== index);
    }
  });
}
