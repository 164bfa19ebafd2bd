import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createOrders } from "../../../playground/fleet/create-orders.ts";
import { Secret } from "../../../src/core/secret.ts";
import { createPostgresqlEngine } from "../../../src/engines/postgresql/index.ts";
import { createSelfHostedProvider } from "../../../src/providers/self-hosted/create-self-hosted-provider.ts";
import { describeProviderContract } from "../../contracts/provider-contract.ts";
import { pgBin, postgresUrl } from "../../support/shared-servers.ts";
import { querySql } from "../../support/test-database.ts";
import { aClock, aConfig, aFolder, aLog } from "./helpers/a-fleet.ts";
import { createMemoryFleetStore } from "./helpers/memory-fleet-store.ts";

describeProviderContract("a self-hosted fleet of real servers", async () => {
  const [old, next] = [await postgresUrl(15), await postgresUrl(18)];
  const name = `contract_${randomBytes(4).toString("hex")}`;
  const orders = await createOrders({ url: old }, { rows: 100, name });
  const folder = await aFolder();
  await writeFile(join(folder, "shop.env"), `POSTGRESQL_ADDON_URI=${orders.url}\n`);
  const sample = aConfig(folder);
  const config = {
    ...sample,
    servers: sample.servers.map((server) => ({
      ...server,
      url: new Secret(server.id === "pg15" ? old : next),
    })),
    addons: sample.addons.map((addon) => ({
      ...addon,
      database: name,
      user: name,
      password: new Secret(orders.password),
    })),
  };
  const [clock, lines] = [aClock(), [] as string[]];
  const provider = createSelfHostedProvider(config, {
    engines: { postgresql: createPostgresqlEngine({ env: { GODWIT_PG_BIN: pgBin() } }) },
    fleet: createMemoryFleetStore(() => clock.now()),
    log: aLog(lines),
    clock,
    randomBytes,
  });
  const close = async () => {
    await querySql(old, `DROP DATABASE ${name}`);
    await querySql(old, `DROP ROLE ${name}; DROP ROLE ${name}_ro`);
  };
  const target = { planId: "pg-m", version: "18", zone: "par", strategy: "dump" } as const;
  const secrets = [orders.password];
  return { provider, addonId: "addon_orders", target, secrets, logged: () => lines, close };
});
