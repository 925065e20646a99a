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

/** Puts buttons beside commands and below tables that copy them: a command as it is, a table as CSV or LaTeX. */
export const COPY_SCRIPT = `
{
  const copy = async (button, text) => {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      // Without a clipboard, as in some frames, the text is selected in a field of its own.
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      button.textContent = document.execCommand("copy") ? "Copied" : "Not allowed here";
      field.remove();
    }
    setTimeout(() => { button.textContent = before; }, 2500);
  };
  const add = (parent, label, make) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => copy(button, make()));
    parent.append(button);
  };
  for (const holder of document.querySelectorAll(".copy")) {
    const text = holder.querySelector("pre").textContent;
    add(holder, "Copy", () => text);
  }
  // The lines of a cell become one; what only sorts is left out.
  const words = (cell) => {
    const parts = [];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) parts.push(node.nodeValue);
      else if (node.tagName === "SVG" || node.tagName === "svg") return;
      else {
        if (["SMALL", "BR", "DIV", "SPAN"].includes(node.tagName)) parts.push(" ");
        node.childNodes.forEach(walk);
      }
    };
    walk(cell);
    return parts.join("").replace(/\\s+/g, " ").trim();
  };
  const lines = (table) => [...table.rows].map((row) => [...row.cells].map(words));
  const csv = (table) => lines(table).map((line) => line.map((word) => {
    // A spreadsheet must not run what a cell says.
    const safe = /^[=+@\\t]/.test(word) || /^-[^\\d]/.test(word) ? "'" + word : word;
    return /[",\\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  }).join(",")).join("\\n") + "\\n";
  const LATEX = {
    "\\\\": "\\\\textbackslash{}", "^": "\\\\textasciicircum{}", "~": "\\\\textasciitilde{}", "<": "$<$", ">": "$>$", "|": "$|$",
    "\u00d7": "$\\\\times$", "\u2212": "$-$", "\u00b1": "$\\\\pm$", "\u2013": "--", "\u2190": "$\\\\leftarrow$", "\u2192": "$\\\\rightarrow$", "\u2019": "'", '"': "''",
  };
  const latex = (table) => {
    const escaped = (word) => word.replace(/[\\\\{}$&#%_^~<>|\u00d7\u2212\u00b1\u2013\u2190\u2192\u2019"]/g, (letter) => LATEX[letter] ?? "\\\\" + letter);
    const [head, ...body] = lines(table).map((line) => "  " + line.map(escaped).join(" & ") + " \\\\\\\\");
    const columns = [...table.rows[0].cells].map((cell) => cell.classList.contains("n") ? "r" : "l").join("");
    return ["\\\\begin{tabular}{" + columns + "}", "  \\\\toprule", head, "  \\\\midrule", ...body, "  \\\\bottomrule", "\\\\end{tabular}", ""].join("\\n");
  };
  for (const table of document.querySelectorAll("main table")) {
    const tools = document.createElement("div");
    tools.className = "tools";
    add(tools, "Copy as CSV", () => csv(table));
    add(tools, "Copy as LaTeX", () => latex(table));
    (table.closest(".scroll") ?? table).after(tools);
  }
}
`;
