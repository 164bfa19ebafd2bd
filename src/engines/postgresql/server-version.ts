import type pg from "pg";

/** The server's version as a number, such as 180004 for 18.4. */
export async function readVersion(client: pg.Client): Promise<number> {
  return Number((await client.query("SHOW server_version_num")).rows[0].server_version_num);
}
