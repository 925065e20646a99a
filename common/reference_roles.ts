/** Whether a score that needs no training is one to do better than, or one that none is expected to do better than. */
export const REFERENCE_ROLES = ["floor", "ceiling"] as const;
export type ReferenceRole = typeof REFERENCE_ROLES[number];
