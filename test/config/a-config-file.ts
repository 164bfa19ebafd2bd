import { readFileConfig } from "../../src/config/file.ts";
import type { EngineCapabilities } from "../../src/core/ports/engine-capabilities.ts";
import { engineCapabilities } from "../../src/engines/index.ts";
import { capabilities as postgresql } from "../../src/engines/postgresql/capabilities.ts";
import type { ProviderConfig } from "../../src/providers/index.ts";

/** The example of the README as lines; the tests replace single ones. */
export const EXAMPLE = `support:
  slack: { usergroup: S0SUPPORT }
  discord: { role: "100000000000000001" }
  email: support@example.com
providers:
  - kind: self-hosted
    name: fleet
    currency: EUR
    plans:
      - { id: pg-s, engine: postgresql, name: S, vcpus: 1, memory: 1GiB, disk: 10GiB, connections: 75, price: 19.50 }
      - { id: pg-m, engine: postgresql, name: M, vcpus: 2, memory: 4GiB, disk: 40GiB, connections: 250, price: 98 }
    servers:
      - { id: pg15, engine: postgresql, zone: par, url: "\${PG15_URL}", plans: [pg-s, pg-m] }
      - { id: pg18, engine: postgresql, zone: par, url: "\${PG18_URL}", plans: [pg-s, pg-m] }
    addons:
      - { id: addon_orders, name: orders, server: pg15, plan: pg-s, database: orders, user: orders, password: "\${ORDERS_PASSWORD}", applications: [shop] }
    applications:
      - { id: shop, name: Shop, env: { file: ./shop.env }, restart: { command: [node, restart-shop.mjs] } }
policy:
  migrate: { slack: { users: [], usergroups: [S0DBA] }, discord: { roles: [] } }
`;

export const ENVIRONMENT = {
  PG15_URL: "postgres://admin:hunter2@127.0.0.1:5415/postgres",
  PG18_URL: "postgres://admin:hunter2@127.0.0.1:5418/postgres",
  ORDERS_PASSWORD: "correct horse",
};

/** Reads the example with one text replaced. */
export function readChanged(
  from: string,
  to: string,
  environment: Record<string, string | undefined> = ENVIRONMENT,
) {
  if (!EXAMPLE.includes(from)) throw new Error(`the example does not hold ${from}`);
  return readText(
    EXAMPLE.replace(from, () => to),
    environment,
  );
}

/** An engine that there is not: a server of it is one add-on. */
const CACHE = "cache";
const cache: EngineCapabilities = {
  ...postgresql,
  addonsPerServer: "one",
  url: { protocols: ["cache:"], defaultPort: 1, example: "cache://admin:password@host" },
};

/** Reads a text as godwit.yaml in `/etc/godwit`. */
export function readText(text: string, environment: Record<string, string | undefined> = ENVIRONMENT) {
  const engines = { ...engineCapabilities, [CACHE]: cache };
  return readFileConfig({ text, name: "godwit.yaml", folder: "/etc/godwit", environment, engines });
}

/** The problems as they are printed. */
export function printed(read: { readonly problems: readonly { where: string; what: string }[] }): string[] {
  return read.problems.map(({ where, what }) => `${where}: ${what}`);
}

/** The first provider of a configuration, when it is a fleet. */
export function fleetOf(config: { readonly providers: readonly ProviderConfig[] } | null) {
  const provider = config?.providers[0];
  return provider?.kind === "self-hosted" ? provider : undefined;
}
