/** What shows the table of cells in the reader's browser, as text. */

/**
 * Shows a part of the cells, sorted and filtered as the reader likes; the filter is kept in the address, as \`#cells?shots=5\`, so that a view can be passed on.
 * Expects \`CellData\` in a data script inside \`.cells\`.
 */
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
    const scroll = make("div", holder, "", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Cells" });
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
          ? (row) => {
            const own = text(row, column);
            // A name is found by the whole of it or by the short name of an algorithm, never within a longer one.
            return key(own) === value || (columns[column][2]?.[own] ?? "") === value;
          }
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
      const filter = input.value.trim();
      const { hash } = location;
      if (filter !== "" || hash.startsWith("#cells?")) {
        history.replaceState(null, "", filter === "" ? "#cells" : "#cells?" + encodeURIComponent(filter));
      }
    };
    back.addEventListener("click", () => { first -= SIZE; draw(); });
    on.addEventListener("click", () => { first += SIZE; draw(); });
    input.addEventListener("input", update);
    const follow = () => {
      const { hash } = location;
      if (!hash.startsWith("#cells?")) return;
      try {
        input.value = decodeURIComponent(hash.slice("#cells?".length));
      } catch {
        return;
      }
      update();
      document.getElementById("cells").scrollIntoView();
    };
    addEventListener("hashchange", follow);
    draw();
    follow();
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      show(target);
    }
  }, { rootMargin: "600px" });
  for (const holder of document.querySelectorAll(".cells")) {
    if (location.hash.startsWith("#cells?")) show(holder);
    else observer.observe(holder);
  }
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#cells?")) document.getElementById("cells").scrollIntoView();
  });
}
`;
