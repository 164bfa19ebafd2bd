import type { TestProject } from "vitest/node";
import { ensurePgClient, NEWEST_MAJOR } from "../../scripts/tools/ensure-tools.ts";
import { startServerBroker } from "./server-broker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the broker that starts servers on demand. */
    readonly serverBroker: string;
    /** Folder with pg_dump, pg_restore and psql. */
    readonly pgBin: string;
  }
}

/** Makes ready what the whole run shares; servers start when the first test asks. Used by vitest.config.ts. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const pgBin = await ensurePgClient(NEWEST_MAJOR);
  process.env["GODWIT_PG_BIN"] = pgBin;
  const broker = await startServerBroker();
  project.provide("pgBin", pgBin);
  project.provide("serverBroker", broker.url);
  return () => broker.stop();
}
