
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const table = byId("table");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const [name, choice, shown] = ["name", "choice", "shown"].map(byId);

  // What a cell sorts by: its number, or its text; a dash is no number and comes last in either order.
  const valueOf = (row, column) => {
    const text = row.cells[column].textContent.trim();
    return column === 0 ? text : text === "–" ? null : Number(text);
  };
  const compare = (one, other) =>
    typeof one === "string" ? one.localeCompare(other, undefined, { numeric: true }) : one - other;

  const sortBy = (column) => {
    const up = heads[column].getAttribute("aria-sort") !== "ascending";
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", up ? "ascending" : "descending");
    const keyed = [...body.rows].map((row) => [valueOf(row, column), row]);
    keyed.sort(([one], [other]) => {
      if (one === null || other === null) return (one === null) - (other === null);
      return up ? compare(one, other) : compare(other, one);
    });
    body.append(...keyed.map(([, row]) => row));
  };

  const filter = () => {
    const part = name.value.trim().toLowerCase();
    let count = 0;
    for (const row of body.rows) {
      const fits = row.cells[0].textContent.toLowerCase().includes(part) &&
        (choice.value === "" || row.dataset.words.split(" ").includes(choice.value));
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = count;
  };

  const speak = () => {
    const chinese = byId("zh").checked;
    document.documentElement.lang = chinese ? "zh-TW" : "en";
    for (const part of choice.querySelectorAll("optgroup, option")) {
      part.label = chinese ? part.dataset.zh : part.dataset.en;
    }
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(column));
    head.append(button);
  });
  for (const button of document.querySelectorAll("[data-find]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      name.value = "";
      choice.value = button.dataset.find;
      filter();
      byId("students").focus();
    });
  }
  name.addEventListener("input", filter);
  choice.addEventListener("change", filter);
  const radios = ["zh", "en"].map(byId).filter(Boolean);  // none where the lab has one language
  for (const radio of radios) radio.addEventListener("change", speak);
  byId("controls").hidden = byId("sort-told").hidden = false;
  if (radios.length) speak();
  filter();
})();
