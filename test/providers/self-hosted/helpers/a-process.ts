import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { loadConfig } from "../../../../src/config.ts";
import type { Clock } from "../../../../src/core/ports/clock.ts";
import { engineCapabilities } from "../../../../src/engines/index.ts";
import { createPostgresqlEngine } from "../../../../src/engines/postgresql/index.ts";
import { createProvider } from "../../../../src/providers/index.ts";
import type { SelfHostedConfig } from "../../../../src/providers/self-hosted/index.ts";
import { pgBin } from "../../../support/shared-servers.ts";
import type { TestFleet } from "../../../support/with-fleet.ts";
import { aLog } from "./a-fleet.ts";
import { createMemoryFleetStore, type MemoryFleetStore } from "./memory-fleet-store.ts";
import type { RunWorld } from "./run-steps.ts";

const clock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal && { signal });
  },
};

/** A provider over real servers, with what its steps stored and logged. */
export interface World extends RunWorld {
  readonly store: MemoryFleetStore;
  readonly lines: string[];
}

/** A provider as a process of its own would have it, over the same records. */
export async function aProcess(
  { config }: Pick<TestFleet, "config">,
  before?: World,
  change: Partial<SelfHostedConfig> = {},
): Promise<World> {
  const { providers } = await loadConfig({
    environment: { ...config.environment, GODWIT_CONFIG: config.file },
    folder: "/",
    engines: engineCapabilities,
  });
  const lines = before?.lines ?? [];
  const [log, store] = [aLog(lines), before?.store ?? createMemoryFleetStore(() => clock.now())];
  const engines = { postgresql: createPostgresqlEngine({ env: { GODWIT_PG_BIN: pgBin() } }) };
  const [described] = providers;
  if (described?.kind !== "self-hosted") throw new Error("the file describes no fleet");
  const common = { engines, fleet: store, log, clock, randomBytes };
  const provider = createProvider({ ...described, ...change }, common);
  return { provider, clock, log, store, lines };
}

/** URL of the new database, from what the application was told. */
export async function newUrl({ fleet, folder }: TestFleet): Promise<string> {
  const env = await readFile(join(folder, "shop.env"), "utf8");
  const database = /^POSTGRESQL_ADDON_DB=(\w+)$/m.exec(env)?.[1] ?? "";
  return fleet.server(18).url.replace(/postgres$/, database);
}

/** Every order that the shop was told is written is in the new database. */
export async function expectNothingLost(subject: TestFleet): Promise<void> {
  await subject.shop.stop();
  const check = await subject.shop.checkJournal(await newUrl(subject));
  expect(check).toMatchObject({ missing: [] });
}
