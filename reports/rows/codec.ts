/** How one value stands in a CSV field, and back. Both directions live together so that they cannot drift apart. */

/** Writes a value as a field and reads it back. */
export interface Codec<T> {
  write(value: T): string;
  /** @throws Error that says what a field may hold */
  read(field: string): T;
}

/** First characters that make a spreadsheet take a field for a formula, and the apostrophe that prevents it. */
const FORMULA = /^[=+\-@\t']/;

/**
 * Free text on one line: line breaks and carriage returns become spaces. Text that a spreadsheet would run as a formula is written with
 * an apostrophe before it, which reading takes away.
 */
export const text: Codec<string> = {
  write(value) {
    const line = value.replace(/[\r\n]+/g, " ");
    return FORMULA.test(line) ? `'${line}` : line;
  },
  read: (field) => field.startsWith("'") ? field.slice(1) : field,
};

/** A finite number in its shortest form that reads back as the same number. */
export const number: Codec<number> = {
  write(value) {
    if (!Number.isFinite(value)) throw new RangeError(`internal: ${value} in a column of finite numbers`);
    return String(value);
  },
  read(field) {
    const value = Number(field);
    if (field.trim() === "" || !Number.isFinite(value)) throw new Error("must be a number");
    return value;
  },
};

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Codec<T> {
  return {
    write: (value) => value,
    read(field) {
      const found = words.find((word) => word === field);
      if (found === undefined) throw new Error(`must be one of ${words.join(", ")}`);
      return found;
    },
  };
}

/** A value or nothing; nothing is an empty field. Numbers that are not finite count as nothing. */
export function optional<T extends string | number>(codec: Codec<T>): Codec<T | null> {
  return {
    write: (value) =>
      value === null || (typeof value === "number" && !Number.isFinite(value)) ? "" : codec.write(value),
    read: (field) => field === "" ? null : codec.read(field),
  };
}
