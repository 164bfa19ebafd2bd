import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { pgBin } from "../../support/shared-servers.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl } from "./database-urls.ts";

const run = promisify(execFile);

/** Statements of a schema dump by the heading that pg_dump gives them. */
export type SchemaDump = Readonly<Record<string, string>>;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What says nothing of the schema: comments, and where and by whom the dump was made. */
function statementsOf(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "" && !/^(--|\\(un)?restrict)/.test(line));
  return lines.filter((line) => !/^(SET|SELECT pg_catalog\.set_config)/.test(line)).join("\n");
}

/** Splits grants into a sorted list: their order and grouping say nothing. */
function sorted(text: string): string {
  return text
    .split(/;\n?/)
    .filter((each) => each.trim() !== "")
    .sort()
    .join(";\n");
}

/** From 16 on, a column of a query's only table is printed without the table's name. */
function withoutQualifiers(heading: string, body: string): string {
  if (!/; Type: (MATERIALIZED )?VIEW; /.test(heading)) return body;
  const at = body.search(/^CREATE /m);
  return (
    body.slice(0, at) + body.slice(at).replace(/\b(?!app\.|public\.)[a-z_][a-z_0-9]*\.(?=[a-z_]+\b)/g, "")
  );
}

/**
 * Dumps a schema with the newest pg_dump, with owners, grants, and large objects, which a dump of the schema
 * alone lacks; with the owner's name as `OWNER`.
 */
export async function dumpSchema(database: DatabaseAccess): Promise<SchemaDump> {
  const args = [
    "--exclude-table-data=*.*",
    "--large-objects",
    "--no-tablespaces",
    "--restrict-key=matrix",
    adminUrl(database),
  ];
  const { stdout } = await run(join(pgBin(), "pg_dump"), args, { maxBuffer: 2 ** 26, env: { LC_ALL: "C" } });
  const owner = quoted(database.username);
  const text = stdout.replaceAll(owner, "OWNER").replaceAll(database.username, "OWNER");
  const parts = text.split(/^--\n-- Name: /m).slice(1);
  const dump: Record<string, string> = {};
  for (const part of parts) {
    const heading = part.slice(0, part.indexOf("\n")).replace(/; Owner: .*/, "");
    const body = statementsOf(part.slice(part.indexOf("\n")));
    const statements = withoutQualifiers(heading, sorted(body));
    dump[heading] = [dump[heading], statements].filter(Boolean).join("\n");
  }
  return dump;
}

/**
 * Settings and how text is stored, of a database and of its owner in it; the comment on it too. Whether
 * transactions are read-only is not carried over, since that is what a fence sets.
 */
export async function readDatabaseFacts({
  username,
  ...database
}: DatabaseAccess): Promise<Record<string, unknown>> {
  const literal = `'${username.replaceAll("'", "''")}'`;
  const rows = await querySql<Record<string, unknown>>(
    adminUrl(database),
    `SELECT pg_encoding_to_char(encoding) AS encoding, datcollate, datctype, datlocprovider_of(d) AS provider,
       pg_get_userbyid(datdba) = ${literal} AS "isOwner", shobj_description(d.oid, 'pg_database') AS comment,
       array(SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setdatabase = d.oid AND setrole = 0 ORDER BY 1) AS settings,
       array(SELECT DISTINCT entry FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = setrole CROSS JOIN unnest(setconfig) entry
         WHERE r.rolname = ${literal} AND setdatabase IN (0, d.oid) AND entry !~ '^default_transaction_read_only=' ORDER BY 1) AS "ownersSettings"
     FROM pg_database d WHERE datname = current_database()`.replace(
      "datlocprovider_of(d)",
      "coalesce(to_jsonb(d)->>'datlocprovider', 'c')",
    ),
  );
  return rows[0] ?? {};
}
