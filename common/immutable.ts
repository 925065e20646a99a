/** A type whose members, at any depth, cannot be assigned: what is inferred from a schema is data and stays as it was read. */
export type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;
