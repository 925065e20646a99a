/** Pieces of HTML. Everything that comes from data passes through `escape`. */

/** HTML that is ready to be put into a page. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Part[] | undefined;

/** Escapes text for element content and for attribute values in quotes. */
export function escape(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (letter) => names[letter]);
}

/** Template tag: literal parts are HTML, values are escaped unless they are `Html` already; lists are joined, undefined is nothing. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(literals.reduce((text, literal, i) => text + flatten(parts[i - 1]) + literal));
}

function flatten(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(flatten).join("");
  return escape(String(part));
}
