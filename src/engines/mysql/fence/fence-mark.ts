import { GodwitError } from "../../../core/failure.ts";
import { errorNumber } from "../errors.ts";
import type { Session } from "../session.ts";

const NO_SUCH_TABLE = 1146;
const NO_SUCH_DATABASE = 1049;

/** A database of ours that exists only while something is fenced: databases themselves can bear no mark. */
const MARKS = "`godwit_fences`.`fences`";

async function withoutMissing<T>(work: () => Promise<T>, missing: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ([NO_SUCH_TABLE, NO_SUCH_DATABASE].includes(errorNumber(error) ?? 0)) return missing;
    throw error;
  }
}

/** Who has fenced the database, or null when it bears no fence's mark. */
export async function readFenceMark(admin: Session, database: string): Promise<string | null> {
  const rows = await withoutMissing(
    () => admin.rows<{ holder: string }>(`SELECT holder FROM ${MARKS} WHERE name = ?`, [database]),
    [],
  );
  return rows[0]?.holder ?? null;
}

/** Says who fences a database; the mark of somebody else is left as it is. */
export async function setFenceMark(admin: Session, database: string, holder: string): Promise<void> {
  await withMarks(admin, async () => {
    await admin.run("CREATE DATABASE IF NOT EXISTS `godwit_fences`");
    await admin.run(
      `CREATE TABLE IF NOT EXISTS ${MARKS} (name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY,
         holder VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL) ENGINE = InnoDB`,
    );
    await admin.run(`INSERT IGNORE INTO ${MARKS} (name, holder) VALUES (?, ?)`, [database, holder]);
  });
}

/** Takes the mark away, and the place of all marks with the last one. */
export async function removeFenceMark(admin: Session, database: string): Promise<void> {
  await withoutMissing(
    () =>
      withMarks(admin, async () => {
        await admin.run(`DELETE FROM ${MARKS} WHERE name = ?`, [database]);
        const left = await admin.rows<{ name: string }>(`SELECT name FROM ${MARKS} LIMIT 1`);
        if (left.length === 0) await admin.run("DROP DATABASE IF EXISTS `godwit_fences`");
      }),
    undefined,
  );
}

/** One process at a time makes or removes the place. */
async function withMarks(admin: Session, work: () => Promise<void>): Promise<void> {
  await admin.rows("SELECT GET_LOCK('godwit.fences', 30) AS locked");
  try {
    await work();
  } finally {
    await admin.rows("SELECT RELEASE_LOCK('godwit.fences') AS released").catch(() => undefined);
  }
}

/** What is thrown when somebody else's fence is in the way. */
export function alreadyFenced(database: string, mark: string): GodwitError {
  return new GodwitError({
    code: "already-fenced",
    class: "permanent",
    summary: `${database} is fenced already, by ${mark}.`,
    remedy: "Wait until that migration has ended, or lift its fence, then try again.",
  });
}
