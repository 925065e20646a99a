/**
 * What runs in the reader's browser, as text. Plain script without dependencies; the page is complete without it.
 */

/** Makes the headings of tables sort their rows. Expects the table markup of tables.ts. */
export const SORT_SCRIPT = `
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const value = (row, column) => {
    const cell = row.cells[column];
    const sort = cell.querySelector("[data-sort]");
    const text = (sort ? sort.dataset.sort : cell.firstChild ? cell.firstChild.textContent : "").trim();
    const number = Number(text.replace("\\u2212", "-").split(" \\u00b1")[0]);
    return text === "" || text === "\\u2013" ? null : Number.isNaN(number) ? text : number;
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => [value(row, column), row]);
      rows.sort(([a], [b]) => a === null || b === null ? (a === null) - (b === null) : (down ? -1 : 1) * compare(a, b));
      body.append(...rows.map(([, row]) => row));
    });
  });
}
`;

/** Replaces a static picture by an interactive one when it comes near the window. Expects \`vegaEmbed\` and a spec beside each picture. */
export const FIGURE_SCRIPT = `
{
  const draw = async (figure) => {
    const spec = JSON.parse(figure.querySelector("script").textContent);
    spec.config.font = getComputedStyle(document.body).fontFamily;
    const holder = document.createElement("div");
    const result = await vegaEmbed(holder, spec, {
      mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
      config: { point: { tooltip: true }, bar: { tooltip: true }, rect: { tooltip: true } },
    });
    await result.view.runAsync();
    figure.querySelector(".picture").replaceChildren(holder);
    figure.dataset.state = "interactive";
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      draw(target).catch((error) => console.error(target.id, error));
    }
  }, { rootMargin: "300px" });
  for (const figure of document.querySelectorAll("figure")) observer.observe(figure);
}
`;

/** Shows a part of the cells, sorted and filtered as the reader likes. Expects \`CellData\` in a data script inside \`.cells\`. */
export const CELLS_SCRIPT = `
{
  const SIZE = 100;
  const make = (tag, parent, text, attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent.append(element);
    return element;
  };
  const show = (holder) => {
    const { columns, words, rows } = JSON.parse(holder.querySelector("script").textContent);
    const text = (row, column) => {
      const value = row[column];
      return value === null ? "" : columns[column][1] === "words" ? words[value] : String(value);
    };
    const key = (name) => name.toLowerCase().replaceAll(" ", "");
    let [shown, first, sorted, down] = [rows, 0, -1, false];
    let haystacks;

    const bar = make("div", holder, "", { class: "bar" });
    const label = make("label", bar, "Filter ");
    const input = make("input", label, "", { type: "search", spellcheck: "false" });
    const count = make("span", bar, "", { role: "status" });
    const back = make("button", bar, "Previous", { type: "button" });
    const on = make("button", bar, "Next", { type: "button" });
    const scroll = make("div", holder, "", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Cells" });
    const table = make("table", scroll, "");
    const head = make("tr", make("thead", table, ""), "");
    const body = make("tbody", table, "");
    const heads = columns.map(([name, kind], column) => {
      const cell = make("th", head, "", { scope: "col", class: kind === "number" ? "n" : "line" });
      make("button", cell, name, { type: "button" }).addEventListener("click", () => {
        down = sorted === column && !down;
        sorted = column;
        for (const other of heads) other.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        update();
      });
      return cell;
    });

    const draw = () => {
      const last = Math.min(first + SIZE, shown.length);
      count.textContent = shown.length === 0 ? "no cell" : (first + 1) + " to " + last + " of " + shown.length + " cells" +
        (shown.length < rows.length ? " (" + rows.length + " in all)" : "");
      back.disabled = first === 0;
      on.disabled = last === shown.length;
      body.replaceChildren(...shown.slice(first, last).map((row) => {
        const line = document.createElement("tr");
        columns.forEach(([, kind], column) => {
          const value = text(row, column);
          make("td", line, value === "" ? "\u2013" : value, { class: kind === "number" ? "n" : "line" });
        });
        return line;
      }));
    };
    const update = () => {
      const terms = input.value.toLowerCase().split(/\\s+/).filter((term) => term !== "");
      const tests = terms.map((term) => {
        const [name, value] = term.split("=");
        const column = value === undefined ? -1 : columns.findIndex(([heading]) => key(heading) === name);
        return column >= 0
          ? (row) => { const own = key(text(row, column)); return columns[column][1] === "number" ? own === value : own.includes(value); }
          : (_, i) => haystacks[i].includes(term);
      });
      haystacks ??= rows.map((row) => columns.map((_, column) => text(row, column)).join("\\n").toLowerCase());
      shown = tests.length === 0 ? [...rows] : rows.filter((row, i) => tests.every((test) => test(row, i)));
      if (sorted >= 0) {
        const value = columns[sorted][1] === "number" ? (row) => row[sorted] : (row) => row[sorted] === null ? null : words[row[sorted]];
        const order = (a, b) => typeof a === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0;
        shown = shown.map((row) => [value(row), row]).sort(([a], [b]) =>
          a === null || b === null ? (a === null) - (b === null) : (down ? -1 : 1) * order(a, b)
        ).map(([, row]) => row);
      }
      first = 0;
      draw();
    };
    back.addEventListener("click", () => { first -= SIZE; draw(); });
    on.addEventListener("click", () => { first += SIZE; draw(); });
    input.addEventListener("input", update);
    draw();
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      show(target);
    }
  }, { rootMargin: "600px" });
  for (const holder of document.querySelectorAll(".cells")) observer.observe(holder);
}
`;
