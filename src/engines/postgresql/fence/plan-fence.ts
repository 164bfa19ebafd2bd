import type pg from "pg";
import { z } from "zod";
import { GodwitError } from "../../../core/failure.ts";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import type { JsonObject } from "../../../core/step.ts";
import { asAdmin, withSession } from "../session.ts";
import { splitSetting } from "../settings.ts";
import { alreadyFenced, readFenceMark } from "./fence-mark.ts";
import { FENCE_SETTINGS } from "./fence-settings.ts";
import { canTakeWriteRights, readWriteRights, writeRightsSchema } from "./write-rights.ts";

const levelSchema = z.object({
  /** Null: the database's own settings. */
  role: z.string().nullable(),
  /** Value of each fence setting before the fence; null where there was none. */
  previous: z.record(z.string(), z.string().nullable()),
});
const undoSchema = z.object({
  levels: z.array(levelSchema),
  /** Null where rights do not decide, and locks on the tables stand in for them. */
  rights: writeRightsSchema.nullable(),
});

/** Everything that the fence will change, as it was. */
export type FenceUndo = z.infer<typeof undoSchema>;

/** Settings of a database or of a role in it, as they were before the fence. */
export type FenceLevel = z.infer<typeof levelSchema>;

/** Reads what `planFence` stored. */
export function parseUndo(undo: JsonObject): FenceUndo {
  const parsed = undoSchema.safeParse(undo);
  if (parsed.success) return parsed.data;
  throw new GodwitError({
    code: "fence-undo-unreadable",
    summary: "The stored note on how to take the fence away cannot be read.",
    remedy:
      "Ask support to reset the settings default_transaction_read_only and lock_timeout and the grants.",
    cause: parsed.error,
  });
}

interface SettingRow {
  readonly role: string | null;
  readonly inDatabase: boolean;
  readonly entries: readonly string[];
}

async function readSettings(admin: pg.Client, database: string): Promise<SettingRow[]> {
  const { rows } = await admin.query<SettingRow>(
    `SELECT r.rolname AS role, s.setdatabase <> 0 AS "inDatabase", s.setconfig AS entries
     FROM pg_db_role_setting s
     LEFT JOIN pg_roles r ON r.oid = s.setrole
     LEFT JOIN pg_database d ON d.oid = s.setdatabase
     WHERE (s.setdatabase = 0 OR d.datname = $1) AND (s.setrole = 0 OR r.rolname IS NOT NULL)`,
    [database],
  );
  return rows;
}

/** Value of a fence setting in a row; our own marks of an earlier fence count as none. */
function valueIn(row: SettingRow | undefined, name: string): string | null {
  const settings = new Map(
    (row?.entries ?? []).map((entry) => {
      const { name, value } = splitSetting(entry);
      return [name, value];
    }),
  );
  const isOurs = settings.get("lock_timeout") === FENCE_SETTINGS["lock_timeout"];
  return isOurs ? null : (settings.get(name) ?? null);
}

function setsFenceSetting(row: SettingRow): boolean {
  return row.entries.some((entry) => Object.hasOwn(FENCE_SETTINGS, splitSetting(entry).name));
}

/** Roles whose own settings would win over the database's, and always the owner. */
function rolesToFence(rows: readonly SettingRow[], owner: string): string[] {
  const overriding = rows.filter(setsFenceSetting).map(({ role }) => role);
  return [...new Set([owner, ...overriding])].filter((role) => role !== null);
}

/** Notes taken of a fenced database would tell to restore the other's fence, and lose the rights it took. */
async function refuseFenced(admin: pg.Client, database: string): Promise<void> {
  const holder = await readFenceMark(admin, database);
  if (holder === null) return;
  throw alreadyFenced(database, holder);
}

/** Notes the settings and rights that the fence will change; touches nothing. Refuses a fenced database. */
export function planFence(source: DatabaseAccess, signal: AbortSignal): Promise<JsonObject> {
  const login = asAdmin(source.server, source.database);
  return withSession(login, { name: "godwit fence", signal }, async (admin) => {
    await refuseFenced(admin, source.database);
    const rows = await readSettings(admin, source.database);
    const levels = [null, ...rolesToFence(rows, source.username)].map((role): FenceLevel => {
      const row = rows.find((each) => each.inDatabase && each.role === role);
      const names = Object.keys(FENCE_SETTINGS);
      return { role, previous: Object.fromEntries(names.map((name) => [name, valueIn(row, name)])) };
    });
    const rights = (await canTakeWriteRights(admin, source.username)) ? await readWriteRights(admin) : null;
    return { levels, rights };
  });
}
