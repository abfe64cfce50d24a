// Makes each column header of a table with several rows a button that sorts. Numbers sort largest first, words A to Z; what has
// no number stays last either way.
(() => {
  const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  for (const table of document.querySelectorAll("main table")) {
    if (table.tBodies[0].rows.length < 2) continue;
    const headers = [...table.tHead.rows[0].cells];
    for (const header of headers) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sortBy(table, headers, header));
    }
  }

  function sortBy(table, headers, header) {
    const isNumber = header.classList.contains("number");
    const first = isNumber ? "descending" : "ascending";
    const other = isNumber ? "ascending" : "descending";
    const order = header.getAttribute("aria-sort") === first ? other : first;
    for (const each of headers) each.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", order);
    const body = table.tBodies[0];
    const compare = isNumber ? compareNumbers : compareWords;
    const sign = order === "ascending" ? 1 : -1;
    const column = headers.indexOf(header);
    body.append(...[...body.rows].sort((a, b) => compare(a.cells[column], b.cells[column], sign)));
  }

  function compareNumbers(a, b, sign) {
    const [x, y] = [a.dataset.sort, b.dataset.sort];
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
    return sign * (Number(x) - Number(y));
  }

  function compareWords(a, b, sign) {
    return sign * words.compare(a.textContent, b.textContent);
  }
})();
