import { GodwitError } from "../../../core/failure.ts";
import type { DefinerMap } from "../definers.ts";
import { describeError, errorNumber } from "../errors.ts";
import { splitVersion } from "../flavour.ts";
import type { Session } from "../session.ts";
import { quoteAccount, quoteName, quoteText } from "../sql.ts";
import type { Program } from "./programs.ts";
import { NAME } from "./scan.ts";

/** A view or function that a view needs is not there yet. */
const NOT_YET = new Set([1146, 1305, 1356]);

/** How programs are made on the target. */
export interface ProgramOptions {
  readonly definers: DefinerMap;
  /** Events that are to run once the database is the application's; the others stay as they are. */
  readonly wakingEvents: ReadonlySet<string>;
}

/** What is thrown when the new server does not take a definition. */
export function refused(kind: string, name: string, error: unknown): GodwitError {
  return new GodwitError({
    code: "definition-refused",
    summary: `The new server does not take the ${kind.toLowerCase()} ${name}.`,
    remedy: "Change its definition on the old database so that the new version takes it, then try again.",
    cause: new Error(describeError(error)),
  });
}

/** Since 8.2 MySQL says replica where it said slave. */
function asleepClause({ flavour, versionText }: Session): string {
  const [major = 0, minor = 0] = splitVersion(versionText).series.split(".").map(Number);
  const isNew = flavour.product === "MySQL" && (major > 8 || (major === 8 && minor >= 2));
  return isNew ? "DISABLE ON REPLICA" : "DISABLE ON SLAVE";
}

const STATUS =
  /( ON COMPLETION (?:NOT )?PRESERVE) (?:ENABLE|DISABLE(?: ON (?:SLAVE|REPLICA))?)(?= COMMENT | DO )/;

function textFor(
  session: Session,
  { kind, name, create, definer }: Program,
  options: ProgramOptions,
): string {
  const account = quoteAccount(options.definers(definer)).replaceAll("$", "$$$$");
  const owned = create.replace(new RegExp(`DEFINER=${NAME}(?:@${NAME})?`), `DEFINER=${account}`);
  if (kind !== "EVENT") return owned;
  const status = options.wakingEvents.has(name) ? asleepClause(session) : "DISABLE";
  return owned.replace(STATUS, `$1 ${status}`);
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** Text beyond ASCII is sent in our own character set, since the server reads it in the session's. */
function contextFor({ mode, charset, collation, zone, create }: Program): string {
  const isOurs = charset.startsWith("utf8") || isAscii(create);
  const client = isOurs && !/^(ucs2|utf16|utf16le|utf32)$/.test(charset) ? charset : "utf8mb4";
  return [
    `SET SESSION sql_mode = ${quoteText(mode ?? "")}`,
    `time_zone = ${quoteText(zone ?? "+00:00")}`,
    `character_set_client = ${client}`,
    `collation_connection = ${collation}`,
  ].join(", ");
}

async function createOne(session: Session, program: Program, options: ProgramOptions): Promise<void> {
  const kind = program.kind;
  await session.run(contextFor(program));
  if (kind !== "VIEW") await session.run(`DROP ${kind} IF EXISTS ${quoteName(program.name)}`);
  const text = textFor(session, program, options);
  await session.run(kind === "VIEW" ? text.replace(/^CREATE /, "CREATE OR REPLACE ") : text);
}

/** Makes routines, views, triggers and events, in a session whose own database is the target's. */
export async function createPrograms(
  session: Session,
  programs: readonly Program[],
  options: ProgramOptions,
): Promise<void> {
  let left = [...programs];
  while (left.length > 0) {
    const waiting: Program[] = [];
    let reason: unknown = null;
    for (const program of left) {
      try {
        await createOne(session, program, options);
      } catch (error) {
        if (program.kind !== "VIEW" || !NOT_YET.has(errorNumber(error) ?? 0))
          throw errorNumber(error) === null ? error : refused(program.kind, program.name, error);
        reason = error;
        waiting.push(program);
      }
    }
    const [first] = waiting;
    if (first !== undefined && waiting.length === left.length) throw refused(first.kind, first.name, reason);
    left = waiting;
  }
}
