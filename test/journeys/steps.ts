/** Steps of the self-hosted provider whose failure takes everything back. */
export const BEFORE_THE_PIVOT = [
  "check",
  "provision",
  "copy-schema",
  "fence",
  "copy-data",
  "verify",
] as const;

/** Steps, the pivot among them, after which there is no way back but forward. */
export const AFTER_THE_PIVOT = ["switch-over", "restart-applications", "finish"] as const;

export const STEPS = [...BEFORE_THE_PIVOT, ...AFTER_THE_PIVOT] as const;
