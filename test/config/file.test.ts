import { expect, test } from "vitest";
import { EXAMPLE, fleetOf, printed, readChanged, readText } from "./a-config-file.ts";

test("reads the example of the design into sizes, money, secrets and absolute paths", () => {
  const { config, problems } = readText(EXAMPLE);
  expect(problems).toEqual([]);
  const fleet = fleetOf(config);
  expect(fleet).toMatchObject({ kind: "self-hosted", name: "fleet", retentionMs: 72 * 3_600_000 });
  expect(fleet?.fenceLimitMs).toBe(4 * 3_600_000);
  expect(fleet?.plans[1]).toEqual({
    id: "pg-m",
    name: "M",
    engine: "postgresql",
    vcpus: 2,
    memoryBytes: 4 * 2 ** 30,
    diskBytes: 40 * 2 ** 30,
    connections: 250,
    shared: false,
    monthlyPrice: { minorUnits: 9800, currency: "EUR" },
  });
  expect(fleet?.plans[0]?.monthlyPrice.minorUnits).toBe(1950);
  expect(fleet?.servers[0]?.url.reveal()).toBe("postgres://admin:hunter2@127.0.0.1:5415/postgres");
  expect(fleet?.addons[0]?.password.reveal()).toBe("correct horse");
  expect(fleet?.applications[0]).toEqual({
    id: "shop",
    name: "Shop",
    envFile: "/etc/godwit/shop.env",
    folder: "/etc/godwit",
    restart: { kind: "command", command: ["node", "restart-shop.mjs"] },
    connectTimeoutMs: 60_000,
  });
});

test("reads support and policy per platform", () => {
  const { config } = readText(EXAMPLE);
  expect(config?.support).toEqual({
    slack: { usergroup: "S0SUPPORT", users: [] },
    discord: { role: "100000000000000001", users: [] },
    email: "support@example.com",
    escalateAfterMs: 900_000,
  });
  expect(config?.policy).toEqual({
    migrate: { slack: { users: [], groups: ["S0DBA"] }, discord: { users: [], groups: [] } },
  });
});

test("takes support and policy for empty when they are left out", () => {
  const text = EXAMPLE.slice(EXAMPLE.indexOf("providers:"), EXAMPLE.indexOf("policy:"));
  const { config, problems } = readText(text);
  expect(problems).toEqual([]);
  expect(config?.support).toEqual({ slack: null, discord: null, email: null, escalateAfterMs: 900_000 });
  expect(config?.policy).toEqual({ migrate: {} });
});

test("reads the optional settings", () => {
  const { config } = readChanged("currency: EUR", "currency: USD\n    retention: 90m\n    fenceLimit: 30s");
  expect(config?.providers[0]).toMatchObject({ retentionMs: 5_400_000, fenceLimitMs: 30_000 });
});

test("reads a restart by webhook with a secret", () => {
  const { config, problems } = readChanged(
    "restart: { command: [node, restart-shop.mjs] }",
    "connectTimeout: 5s, restart: { webhook: https://ci.example.com/restart, secret: s3cret }",
  );
  expect(problems).toEqual([]);
  const application = fleetOf(config)?.applications[0];
  expect(application?.connectTimeoutMs).toBe(5_000);
  const restart = application?.restart;
  expect(restart?.kind === "webhook" && [restart.url.reveal(), restart.secret?.reveal()]).toEqual([
    "https://ci.example.com/restart",
    "s3cret",
  ]);
});

test("shows no secret when the configuration is printed", () => {
  const shown = JSON.stringify(readText(EXAMPLE).config);
  expect(shown).toContain("[redacted]");
  expect(shown).not.toMatch(/hunter2|correct horse/);
});

test("points at the line of broken YAML", () => {
  expect(printed(readText("providers:\n  - kind: self-hosted\n    plans: [a\npolicy: }"))[0]).toMatch(
    /^godwit\.yaml:4: is not valid YAML: /,
  );
});

test("names a variable that is not set, once, and only where it is used", () => {
  const read = readChanged("name: fleet", "name: fleet", { PG15_URL: "postgres://a", PG18_URL: "" });
  expect(printed(read)).toEqual([
    "godwit.yaml:14: ${PG18_URL} is not set in the environment; set the variable PG18_URL",
    "godwit.yaml:16: ${ORDERS_PASSWORD} is not set in the environment; set the variable ORDERS_PASSWORD",
  ]);
});

test("leaves a doubled dollar sign as text", () => {
  const { config } = readChanged('"${ORDERS_PASSWORD}"', '"$${ORDERS_PASSWORD}"');
  expect(fleetOf(config)?.addons[0]?.password.reveal()).toBe("${ORDERS_PASSWORD}");
});

test("takes numbers from the environment", () => {
  const environment = {
    PG15_URL: "postgres://a",
    PG18_URL: "postgres://b",
    ORDERS_PASSWORD: "x",
    PRICE: "12.5",
  };
  const { config } = readChanged("price: 98 ", 'price: "${PRICE}" ', environment);
  expect(fleetOf(config)?.plans[1]?.monthlyPrice.minorUnits).toBe(1250);
});

test("lists every problem at once, references too", () => {
  const text = EXAMPLE.replace("disk: 40GiB", "disk: lots").replace("server: pg15", "server: nowhere");
  expect(printed(readText(text))).toEqual([
    "godwit.yaml:11: providers[0].plans[1].disk: lots is not a size; write it like 40GiB.",
    "godwit.yaml:16: providers[0].addons[0].server: nowhere is not the id of a server; known are pg15, pg18.",
  ]);
});

test("says what an empty file needs", () => {
  expect(printed(readText(""))).toEqual([
    "godwit.yaml:1: providers is missing; list at least one provider, as the README shows.",
  ]);
});

test.each([
  "[]",
  "5",
  "providers: 5",
  "providers: [5]",
  "providers: [{}]",
  "support: [a]",
  "policy: { migrate: 3 }",
])("survives %s", (text) => {
  const { config, problems } = readText(text);
  expect(config).toBeNull();
  expect(problems.length).toBeGreaterThan(0);
});

test("refuses IDs that no chat platform has, with where to find the right ones", () => {
  const told = (from: string, to: string) => printed(readText(EXAMPLE.replace(from, to))).join("\n");
  expect(told("S0SUPPORT", "support")).toMatch(/support\.slack\.usergroup.*is not an ID of Slack/);
  expect(told('"100000000000000001"', "support")).toMatch(
    /support\.discord\.role.*turn on its developer mode/,
  );
});
