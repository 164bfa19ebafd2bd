import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeOwnedFolder, writeOwnedFile } from "../../src/store/embedded/owned-files.ts";
import type { MysqlSite } from "./mysql.ts";

/** What mariadb-install-db feeds to the server, which makes its own tables of them; `mariadb_` since 11.0. */
const MARIADB_SCRIPTS = ["system_tables", "performance_tables", "system_tables_data", "sys_schema"];

/** Makes the server's own tables; returns the file that is to be run at each start. */
export async function initializeMariadb(site: MysqlSite, config: string): Promise<string> {
  const { share } = site;
  const prefix = existsSync(join(share, "mariadb_system_tables.sql")) ? "mariadb" : "mysql";
  await makeOwnedFolder(join(site.runFolder, "data"), site.user);
  const scripts = await Promise.all(
    MARIADB_SCRIPTS.map((name) => readFile(join(share, `${prefix}_${name}.sql`), "utf8")),
  );
  const bootstrap = join(site.runFolder, "bootstrap.sql");
  const text = ["create database mysql;", "use mysql;", ...scripts].join("\n");
  await writeOwnedFile(bootstrap, text, site.user);
  // The supervisor gives its programs no input.
  const command =
    'program=$1 config=$2 input=$3; exec "$program" --defaults-file="$config" --bootstrap <"$input"';
  await runToEnd(site, ["/bin/sh", "-c", command, "bootstrap", site.program, config, bootstrap]);
  return writeInitFile(site, [
    `CREATE OR REPLACE USER root@'%' IDENTIFIED BY '${site.password}'`,
    "GRANT ALL PRIVILEGES ON *.* TO root@'%' WITH GRANT OPTION",
    "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> '%')",
    "FLUSH PRIVILEGES",
  ]);
}

/** Makes the server's own tables; returns the file that is to be run at each start. */
export async function initializeMysql(site: MysqlSite, config: string): Promise<string> {
  await runToEnd(site, [site.program, `--defaults-file=${config}`, "--initialize-insecure"]);
  return writeInitFile(site, [
    `CREATE USER IF NOT EXISTS root@'%' IDENTIFIED BY '${site.password}'`,
    "GRANT ALL PRIVILEGES ON *.* TO root@'%' WITH GRANT OPTION",
    "DROP USER IF EXISTS root@localhost",
  ]);
}

async function writeInitFile(site: MysqlSite, statements: readonly string[]): Promise<string> {
  const path = join(site.runFolder, "init.sql");
  await writeOwnedFile(path, statements.map((statement) => `${statement};\n`).join(""), site.user);
  return path;
}

async function runToEnd(site: MysqlSite, command: readonly string[]): Promise<void> {
  const { exited } = await site.supervisor.run(command);
  if ((await exited) !== 0) throw new Error(`making the server's tables: ${await readLogTail(site.logFile)}`);
}

/** The last lines of the server's log, for error messages. */
export async function readLogTail(logFile: string): Promise<string> {
  const log = await readFile(logFile, "utf8").catch(() => "");
  return log.trim().split("\n").slice(-5).join(" ");
}
