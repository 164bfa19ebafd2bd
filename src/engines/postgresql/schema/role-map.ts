import type { DatabasePair } from "../../../core/ports/engine.ts";
import { asAdmin, withSession } from "../session.ts";

/** Roles across the two servers. */
export interface RoleMap {
  readonly sourceOwner: string;
  readonly targetOwner: string;
  /** Roles that the target's server has. */
  readonly known: ReadonlySet<string>;
}

/** Roles of both sides. */
export async function readRoleMap({ source, target }: DatabasePair, signal: AbortSignal): Promise<RoleMap> {
  return withSession(asAdmin(target.server), { name: "godwit schema", signal }, async (admin) => {
    const { rows } = await admin.query<{ name: string }>("SELECT rolname AS name FROM pg_roles");
    const known = new Set(rows.map(({ name }) => name));
    return { sourceOwner: source.username, targetOwner: target.username, known };
  });
}

/** The role to write in the place of `name`, or null when it must be left out. */
export function mapRole(name: string, roles: RoleMap): string | null {
  if (name === roles.sourceOwner) return roles.targetOwner;
  return roles.known.has(name) ? name : null;
}
