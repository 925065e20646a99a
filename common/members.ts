/** Members of values that come from files. */

/** A member that is there; what every object has, such as "constructor", is none. */
export function ownMember(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
