import { randomBytes } from "node:crypto";
import type { MysqlServerName } from "../../../scripts/tools/ensure-tools.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { Secret } from "../../../src/core/secret.ts";
import { asAdmin, asApplication, type Session, withSession } from "../../../src/engines/mysql/session.ts";
import { grantPattern, quoteName, quoteText } from "../../../src/engines/mysql/sql.ts";
import { mysqlUrl } from "../../support/shared-servers.ts";

const signal = new AbortController().signal;

export const aPlan = (facts: Partial<Plan> = {}): Plan => ({
  id: "my-s",
  name: "S",
  engine: "mysql",
  vcpus: 1,
  memoryBytes: 2 ** 30,
  diskBytes: 10 * 2 ** 30,
  connections: 20,
  shared: false,
  monthlyPrice: {
    minorUnits: 1950,
    currency: "EUR",
  },
  ...facts,
});

/** Runs `work` as the administrator, in the database. */
export function asRoot<T>(access: DatabaseAccess, work: (session: Session) => Promise<T>): Promise<T> {
  return withSession(asAdmin(access.server), { signal, database: access.database, isPlain: true }, work);
}

/** Runs `work` as the application does, in the database. */
export function asApp<T>(access: DatabaseAccess, work: (session: Session) => Promise<T>): Promise<T> {
  return withSession(asApplication(access), { signal, database: access.database, isPlain: true }, work);
}

function access({ name, url }: ServerAt, database: string): DatabaseAccess {
  const server = { id: name, adminUrl: new Secret(url) };
  const username = `r'\`le_${randomBytes(4).toString("hex")}`;
  return { server, database, username, password: new Secret(`p'w"${database.slice(-4)}%\\:@/`) };
}

/** A server and its administrator's URL. */
export interface ServerAt {
  readonly name: MysqlServerName;
  readonly url: string;
}

const shared = async (name: MysqlServerName): Promise<ServerAt> => ({ name, url: await mysqlUrl(name) });

/** A database with a user of its own on the shared server of a version, with names made to hurt. */
export async function aDatabase(
  name: MysqlServerName,
  statements: readonly string[] = [],
): Promise<DatabaseAccess> {
  return aDatabaseOn(await shared(name), statements);
}

async function aDatabaseOn(server: ServerAt, statements: readonly string[]): Promise<DatabaseAccess> {
  const made = access(server, `ö\`d "db' %_drop ${randomBytes(4).toString("hex")}`);
  const { username, password, database } = made;
  const account = `${quoteText(username)}@'%'`;
  await withSession(asAdmin(made.server), { signal, isPlain: true }, async (root) => {
    await root.run(`CREATE DATABASE ${quoteName(database)} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`);
    await root.run(`CREATE USER ${account} IDENTIFIED BY ${quoteText(password.reveal())}`);
    await root.run(`GRANT ALL PRIVILEGES ON ${grantPattern(database)}.* TO ${account}`);
  });
  if (statements.length === 0) return made;
  await asApp(made, async (app) => {
    await app.run("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0");
    for (const statement of statements) await app.run(statement);
  });
  return made;
}

/** A source with its content, and the names of a target that does not exist yet. */
export async function aPair(
  names: readonly [MysqlServerName, MysqlServerName],
  statements: readonly string[] = [],
): Promise<DatabasePair> {
  return aPairOn([await shared(names[0]), await shared(names[1])], statements);
}

/** The same on two servers of one's own. */
export async function aPairOn(
  [from, to]: readonly [ServerAt, ServerAt],
  statements: readonly string[] = [],
): Promise<DatabasePair> {
  const source = await aDatabaseOn(from, statements);
  return { source, target: access(to, `new_%${randomBytes(4).toString("hex")}`) };
}
