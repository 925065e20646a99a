/** Settings that an algorithm has beyond those of all: λ of a proximal term, a temperature, whether rates are learned. */

/** Values by name, as an algorithm's schema declares them. */
export type OwnSettings = Readonly<Record<string, number | string | boolean>>;
