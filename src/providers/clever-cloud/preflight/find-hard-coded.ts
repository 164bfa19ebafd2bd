import type { ApiVariable } from "../api/schemas.ts";

/** What an application could have written down about a database: hosts and names. */
export interface Whereabouts {
  readonly hosts: readonly string[];
  readonly databases: readonly string[];
}

/** Ends of the names of an add-on's variables that hold its address. */
const HOST = /_HOST$/;
const DATABASE = /_(DB|DATABASE)$/;
/** Shorter database names stand in too many values by accident. */
const TELLING_LENGTH = 12;

/** Reads from an add-on's variables where it is; the direct way in counts too. */
export function whereaboutsOf(variables: readonly ApiVariable[]): Whereabouts {
  const valuesOf = (pattern: RegExp) =>
    variables
      .filter(({ name, value }) => pattern.test(name) && value.reveal() !== "")
      .map(({ value }) => value.reveal());
  return { hosts: valuesOf(HOST), databases: valuesOf(DATABASE) };
}

/** Names of the variables that hold the address. The values stay where they are. */
export function findHardCoded(variables: readonly ApiVariable[], old: Whereabouts): string[] {
  return variables
    .filter(({ value }) => {
      const text = value.reveal();
      return (
        old.hosts.some((host) => holdsHost(text, host)) ||
        old.databases.some((database) => text === database || holdsName(text, database))
      );
    })
    .map(({ name }) => name);
}

/** A short name counts only as the path of a URL. Hosts of the platform begin with the name, and count as hosts. */
function holdsName(text: string, database: string): boolean {
  if (database.length >= TELLING_LENGTH)
    return new RegExp(`(?<![\\w-])${escape(database)}(?![\\w-])`).test(text);
  if (!URL.canParse(text) || /^https?:/i.test(text)) return false;
  return new URL(text).pathname === `/${encodeURIComponent(database)}`;
}

/** Not as a part of a longer host. */
function holdsHost(text: string, host: string): boolean {
  return new RegExp(`(?<![\\w.-])${escape(host)}(?!\\.?[\\w-])`, "i").test(text);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
}
