import { randomBytes } from "node:crypto";
import type { DatabaseAccess } from "../../../core/ports/engine.ts";
import { errorNumber } from "../errors.ts";
import { identified } from "../provision.ts";
import type { Session } from "../session.ts";
import { grantPattern, quoteAccount } from "../sql.ts";

/** MySQL takes passwords of channels up to 32 characters. */
const PASSWORD_BYTES = 18;
const NO_SUCH_THREAD = 1094;

const aPassword = (): string => randomBytes(PASSWORD_BYTES).toString("base64url");

async function makeAccount(admin: Session, name: string, password: string): Promise<string> {
  const account = quoteAccount({ user: name, host: "%" });
  await admin.run(`DROP USER IF EXISTS ${account}`);
  await admin.run(`CREATE USER ${account} ${identified(admin, password)}`);
  return account;
}

/** Makes the user that the target reads the source's log as, with a new password; it may do nothing else. */
export async function makeReplicationUser(source: Session, name: string): Promise<string> {
  const password = aPassword();
  const account = await makeAccount(source, name, password);
  await source.run(`GRANT REPLICATION SLAVE ON *.* TO ${account}`);
  return password;
}

/**
 * Makes the account that a channel of MySQL applies changes as: whatever the source's log says, nothing but the
 * target's database can be touched, also after a restart, at which the server forgets the channel's filters. Nobody
 * can log in as it. MariaDB applies everything as the server itself.
 */
export async function makeApplier(
  target: Session,
  name: string,
  { database }: Pick<DatabaseAccess, "database">,
): Promise<void> {
  if (target.flavour.product === "MariaDB") return;
  const account = await makeAccount(target, name, aPassword());
  await target.run(`ALTER USER ${account} ACCOUNT LOCK`);
  await target.run(`GRANT REPLICATION_APPLIER ON *.* TO ${account}`);
  await target.run(`GRANT ALL PRIVILEGES ON ${grantPattern(database)}.* TO ${account}`);
}

/** Drops the account where there is one, and ends what still reads the log as it. */
export async function dropAccount(admin: Session, name: string): Promise<void> {
  await admin.run(`DROP USER IF EXISTS ${quoteAccount({ user: name, host: "%" })}`);
  const readers = await admin.rows<{ id: number }>(
    `SELECT ID AS id FROM ${admin.flavour.sessions} WHERE USER = ?`,
    [name],
  );
  for (const { id } of readers)
    await admin.run(`KILL ${id}`).catch((error: unknown) => {
      if (errorNumber(error) !== NO_SUCH_THREAD) throw error;
    });
}
