/** Columns whose values are stored as JSON and so must be written as text. */
const JSON_COLUMNS = new Set([
  "desired_by",
  "confirmed_by",
  "consent",
  "source",
  "target_plan",
  "preflight",
  "quote",
  "failure",
  "resolution",
  "proof",
  "checkpoint",
  "output",
  "progress",
]);

/** The `SET` part of an UPDATE with its values, numbered from `first`. */
export interface Assignments {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Turns a patch of camel-case fields into assignments; fields that are undefined are left alone. */
export function assignmentsOf(patch: object, first: number): Assignments {
  const entries = Object.entries(patch).filter(([, value]) => value !== undefined);
  const columns = entries.map(([field]) => columnOf(field));
  return {
    sql: columns.map((column, index) => `${column} = $${first + index}`).join(", "),
    values: entries.map(([, value], index) => storable(columns[index] ?? "", value)),
  };
}

function columnOf(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function storable(column: string, value: unknown): unknown {
  if (value === null || !JSON_COLUMNS.has(column)) return value;
  return JSON.stringify(value);
}
