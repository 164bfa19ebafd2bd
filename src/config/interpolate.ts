/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text with its `${NAME}`s replaced, and the names that are not set. */
export interface Interpolated {
  readonly text: string;
  readonly unset: readonly string[];
}

/** Replaces each `${NAME}` by the environment's value; `$${NAME}` stays as the text `${NAME}`. */
export function interpolate(text: string, environment: Environment): Interpolated {
  const unset: string[] = [];
  const replaced = text.replace(/\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (match, name: string) => {
    if (match.startsWith("$$")) return match.slice(1);
    const value = environment[name];
    if (value === undefined || value === "") unset.push(name);
    return value ?? "";
  });
  return { text: replaced, unset };
}
