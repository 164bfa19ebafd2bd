import { createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { engineCapabilities } from "../../src/engines/index.ts";
import { createLog } from "../../src/log.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { submitRequest } from "../../src/migrations/submit-request.ts";
import { ALICE } from "./workbench.ts";

interface Wish {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly strategy: "dump" | "live";
}

/** Asks for a migration of the orders and confirms it, in this process, which moves nothing on. */
export async function askWithoutChat({ environment, folder, strategy }: Wish): Promise<string> {
  const config = await loadConfig({ environment, folder, engines: engineCapabilities });
  const app = await createApp({ config, log: createLog("fatal"), folder });
  try {
    const selection = { addonId: "addon_orders", planId: "pg-m", version: "18", strategy };
    const signal = AbortSignal.timeout(60_000);
    const asked = await submitRequest(app.deps, { selection, by: ALICE, place: null }, signal);
    if (asked.kind !== "posted") throw new Error(JSON.stringify(asked));
    const { id: migrationId, planHash } = asked.migration;
    const answer = await confirmMigration(app.deps, { migrationId, planHash, by: ALICE }, signal);
    if (answer.kind !== "confirmed") throw new Error(JSON.stringify(answer));
    return migrationId;
  } finally {
    await app.stop();
  }
}
