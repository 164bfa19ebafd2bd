import { pathToFileURL } from "node:url";
import {
  ensureMysqlClients,
  ensureMysqlServer,
  MYSQL_SERVERS,
  type MysqlServerName,
} from "./ensure-mysql.ts";
import { ensurePgClient } from "./ensure-pg-client.ts";
import { ensureRedis } from "./ensure-redis.ts";
import { ToolMissing } from "./tool-missing.ts";

export {
  ensureMysqlClients,
  ensureMysqlServer,
  ensurePgClient,
  ensureRedis,
  type MysqlServerName,
  ToolMissing,
};

/** The newest PostgreSQL that Godwit migrates to; its client tools read all older ones. */
export const NEWEST_MAJOR = 18;

async function main(): Promise<void> {
  const redis = process.env["TEST_REDIS_URL"];
  const found = await Promise.all([ensurePgClient(NEWEST_MAJOR), redis ?? ensureRedis()]);
  console.log(`PostgreSQL client: ${found[0]}\nRedis: ${found[1]}`);
  for (const name of MYSQL_SERVERS) console.log(`${name}: ${(await ensureMysqlServer(name)).bin}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main().catch((error: unknown) => {
    console.error(error instanceof ToolMissing ? error.message : error);
    process.exitCode = 1;
  });
}
