/** What makes figures interactive in the reader's browser, as text. */

/**
 * Replaces a static picture by an interactive one when it comes near the window: values on hover and on touch, a series is hidden by a click on its name in
 * the legend, the picture is copied by a button. Expects `vegaEmbed` and a spec beside each picture.
 */
export const FIGURE_SCRIPT = `
{
  // The coloured field that a legend lists, and its values in the legend's order.
  const listed = (node) => {
    if (node === null || typeof node !== "object") return undefined;
    const { color } = node.encoding ?? {};
    if (color?.field !== undefined && color.legend !== null && Array.isArray(color.scale?.domain)) {
      return { field: color.field, names: color.legend?.values ?? color.scale.domain };
    }
    for (const child of Object.values(node)) {
      const found = listed(child);
      if (found !== undefined) return found;
    }
  };
  // The spec without the rows of hidden series.
  const without = (node, field, hidden) => {
    if (Array.isArray(node)) return node.map((child) => without(child, field, hidden));
    if (node === null || typeof node !== "object") return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [
      key,
      key === "values" && Array.isArray(child) && typeof child[0] === "object"
        ? child.filter((row) => !hidden.has(row[field]))
        : without(child, field, hidden),
    ]));
  };

  const draw = async (figure, hidden = new Set()) => {
    const spec = JSON.parse(figure.querySelector("script").textContent);
    spec.config.font = getComputedStyle(document.body).fontFamily;
    const legend = listed(spec);
    const holder = document.createElement("div");
    const result = await vegaEmbed(holder, hidden.size === 0 ? spec : without(spec, legend.field, hidden), {
      mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
      config: { point: { tooltip: true }, bar: { tooltip: true }, rect: { tooltip: true } },
    });
    const { view } = result;
    await view.runAsync();
    const picture = figure.querySelector(".picture");
    picture.setAttribute("role", "group");
    // The group says what the picture shows; its marks have no names of their own.
    for (const part of holder.querySelectorAll("svg, svg [role], svg [aria-label]")) {
      part.removeAttribute("role");
      part.removeAttribute("aria-label");
      part.removeAttribute("aria-roledescription");
    }
    picture.replaceChildren(holder);
    if (legend !== undefined) {
      const texts = [...holder.querySelectorAll(".role-legend-label text")];
      for (const text of texts) {
        const name = legend.names.find((value) => String(value) === text.textContent);
        if (name === undefined) continue;
        const entry = text;
        entry.style.pointerEvents = "all";
        entry.setAttribute("role", "button");
        entry.setAttribute("tabindex", "0");
        entry.setAttribute("aria-label", (hidden.has(name) ? "Show " : "Hide ") + name);
        entry.setAttribute("aria-pressed", String(!hidden.has(name)));
        const toggle = (event) => {
          if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          const next = new Set(hidden);
          if (!next.delete(name)) next.add(name);
          if (next.size < legend.names.length) draw(figure, next).catch((error) => console.error(figure.id, error));
        };
        entry.addEventListener("click", toggle);
        entry.addEventListener("keydown", toggle);
      }
    }
    figure.copied = async () => {
      const canvas = await view.toCanvas(2);
      const flat = document.createElement("canvas");
      [flat.width, flat.height] = [canvas.width, canvas.height];
      const context = flat.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, flat.width, flat.height);
      context.drawImage(canvas, 0, 0);
      return await new Promise((done) => flat.toBlob(done, "image/png"));
    };
    if (figure.querySelector(".tools") === null) {
      const tools = document.createElement("div");
      tools.className = "tools";
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy as PNG";
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.write([new ClipboardItem({ "image/png": figure.copied() })]);
          button.textContent = "Copied";
        } catch {
          button.textContent = "Not allowed here: use the PNG below";
        }
        setTimeout(() => { button.textContent = "Copy as PNG"; }, 2500);
      });
      tools.append(button);
      picture.after(tools);
    }
    figure.dataset.state = "interactive";
    figure.dataset.hidden = [...hidden].join("|");
  };

  // A touch shows what a hover would, and a touch elsewhere takes it away.
  document.addEventListener("click", (event) => {
    // A finger has left by now, and what its leaving hid is shown again.
    if (event.pointerType !== "touch" && event.pointerType !== "pen") return;
    const mark = event.target.closest?.("figure svg [class^=mark] > *");
    const tip = document.getElementById("vg-tooltip-element");
    if (!mark) {
      tip?.classList.remove("visible");
      return;
    }
    const { clientX, clientY } = event;
    setTimeout(() => mark.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, bubbles: true, pointerType: "mouse" })));
  });

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
