import type pg from "pg";
import { z } from "zod";
import type { DatabaseAccess } from "../../core/ports/engine.ts";
import type { JsonObject } from "../../core/step.ts";
import { quoteName } from "./sql.ts";

/** A role that may connect; null for everyone. */
type Guest = string | null;

const entranceSchema = z.object({ guests: z.array(z.string().nullable()) });

/** Everyone who was granted the right to connect, PUBLIC and the owner included. */
export async function readGuests(admin: pg.Client, database: string): Promise<Guest[]> {
  const { rows } = await admin.query<{ name: Guest }>(
    `SELECT DISTINCT r.rolname AS name
     FROM pg_database d
     CROSS JOIN aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
     LEFT JOIN pg_roles r ON r.oid = a.grantee
     WHERE d.datname = $1 AND a.privilege_type = 'CONNECT' AND coalesce(r.rolname <> current_user, true)`,
    [database],
  );
  return rows.map(({ name }) => name);
}

/** Lets those who were noted connect again; the owner of the add-on where nobody was noted. */
export async function grantEntrance(
  admin: pg.Client,
  { database, username }: Pick<DatabaseAccess, "database" | "username">,
  entrance: JsonObject | null,
): Promise<void> {
  const noted = entranceSchema.safeParse(entrance);
  const guests = noted.success ? noted.data.guests : [username];
  const { rows } = await admin.query<{ name: string }>("SELECT rolname AS name FROM pg_roles");
  const roles = new Set(rows.map(({ name }) => name));
  for (const guest of guests.filter((name) => name === null || roles.has(name)))
    await admin.query(`GRANT CONNECT ON DATABASE ${quoteName(database)} TO ${guestName(guest)}`);
}

/** As statements name it. */
export function guestName(guest: Guest): string {
  return guest === null ? "PUBLIC" : quoteName(guest);
}
