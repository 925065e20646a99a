/** Pieces of HTML. Everything that comes from data passes through `escape`. */

/** HTML that is ready to be put into a page. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Part[] | undefined;

/**
 * What text may not contain: control characters and half characters, which are no HTML; and what turns the direction of text around, so that it reads
 * otherwise than it is.
 */
const UNREADABLE = /(?![\t\n])[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Text without what no document may contain; a replacement character stands for it. */
export function readable(text: string): string {
  return text.replace(UNREADABLE, "\ufffd");
}

/** Escapes text for element content and for attribute values in quotes. */
export function escape(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return readable(text).replace(/[&<>"']/g, (letter) => names[letter]);
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
