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
