/** Quotes a name for use in a statement. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Quotes a value as a string literal, for sessions of ours, in which a backslash escapes. */
export function quoteText(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\0", "\\0")}'`;
}

/** Name of a table or another object of a database, quoted. */
export function qualified(database: string, name: string): string {
  return `${quoteName(database)}.${quoteName(name)}`;
}

/** A database's name where GRANT would read `_` and `%` as wildcards. */
export function grantPattern(database: string): string {
  return quoteName(database.replaceAll(/[\\_%]/g, (character) => `\\${character}`));
}

/** An account such as `'app'@'%'`; a role has no host. */
export interface Account {
  readonly user: string;
  /** Null: a role. */
  readonly host: string | null;
}

/** An account for use in a statement. */
export function quoteAccount({ user, host }: Account): string {
  if (host !== null) return `${quoteText(user)}@${quoteText(host)}`;
  return user === "PUBLIC" ? user : quoteName(user);
}

/** Splits a list into lists of at most `size`. */
export function inChunks<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
