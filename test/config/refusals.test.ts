import { expect, test } from "vitest";
import { ENVIRONMENT, EXAMPLE, printed, readChanged, readText } from "./a-config-file.ts";

const BAD: readonly [name: string, from: string, to: string, problems: string[]][] = [
  [
    "a size",
    "disk: 40GiB",
    "disk: 40GB1",
    ["godwit.yaml:11: providers[0].plans[1].disk: 40GB1 is not a size; write it like 40GiB."],
  ],
  [
    "a size without a unit",
    "disk: 40GiB",
    "disk: 40",
    ["godwit.yaml:11: providers[0].plans[1].disk: 40 is not a size; write it like 40GiB."],
  ],
  [
    "a missing value",
    "disk: 40GiB, ",
    "",
    ["godwit.yaml:11: providers[0].plans[1].disk is missing; write it like 40GiB."],
  ],
  [
    "a price",
    "price: 98 ",
    "price: 98.005 ",
    ["godwit.yaml:11: providers[0].plans[1].price: 98.005 is not a price; write it like 19.50."],
  ],
  [
    "a currency",
    "currency: EUR",
    "currency: euro",
    ["godwit.yaml:8: providers[0].currency: euro is not a currency; write it like EUR."],
  ],
  [
    "a duration",
    "currency: EUR",
    "currency: EUR\n    retention: 3 weeks",
    ["godwit.yaml:9: providers[0].retention: 3 weeks is not a duration; write it like 72h."],
  ],
  [
    "a mistyped key, without its value",
    'password: "${ORDERS_PASSWORD}"',
    "passwort: hunter2",
    [
      "godwit.yaml:16: providers[0].addons[0].password is missing; write it like ${ORDERS_PASSWORD}, in quotes.",
      "godwit.yaml:16: providers[0].addons[0].passwort is not a known key; did you mean password?",
    ],
  ],
  [
    "a provider that was left empty",
    "providers:\n",
    "providers:\n  -\n",
    ["godwit.yaml:6: providers[0]: an empty value is not a provider."],
  ],
  [
    "a key that is like no other",
    "email: support@example.com",
    "fax: 123",
    ["godwit.yaml:4: support.fax is not a known key; known are slack, discord, email, escalateAfter."],
  ],
  [
    "a password that YAML takes for a number, without showing it",
    '"${ORDERS_PASSWORD}"',
    "1234",
    [
      "godwit.yaml:16: providers[0].addons[0].password: the value is not text; write it like ${ORDERS_PASSWORD}, in quotes.",
    ],
  ],
  [
    "a URL, without showing it",
    '"${PG15_URL}"',
    "hunter2@host",
    [
      "godwit.yaml:13: providers[0].servers[0].url: the value is not a URL; write it like postgres://admin:password@host:5432/postgres.",
    ],
  ],
  [
    "a Discord ID that lost its quotes",
    '"100000000000000001"',
    "100000000000000001",
    [
      'godwit.yaml:3: support.discord.role: 100000000000000001 is not text; write it like "100000000000000001", in quotes when it is only digits.',
    ],
  ],
  [
    "an unknown kind of provider",
    "kind: self-hosted",
    "kind: selfhosted",
    [
      "godwit.yaml:6: providers[0].kind: selfhosted is not a kind of provider; known are self-hosted, clever-cloud.",
    ],
  ],
  [
    "an add-on's server",
    "server: pg15",
    "server: pg155",
    ["godwit.yaml:16: providers[0].addons[0].server: pg155 is not the id of a server; did you mean pg15?"],
  ],
  [
    "an add-on's application",
    "applications: [shop]",
    "applications: [shop, warehouse]",
    [
      "godwit.yaml:16: providers[0].addons[0].applications[1]: warehouse is not the id of an application; known are shop.",
    ],
  ],
  [
    "a server's plan",
    'url: "${PG18_URL}", plans: [pg-s, pg-m]',
    'url: "${PG18_URL}", plans: [pg-s, pg-xm]',
    ["godwit.yaml:14: providers[0].servers[1].plans[1]: pg-xm is not the id of a plan; did you mean pg-m?"],
  ],
  [
    "an id that stands twice",
    "id: pg18",
    "id: pg15",
    ["godwit.yaml:14: providers[0].servers[1].id: pg15 is also the id of servers[0]; give each its own."],
  ],
  [
    "an engine that does not exist",
    "{ id: pg18, engine: postgresql",
    "{ id: pg18, engine: postgres",
    [
      "godwit.yaml:14: providers[0].servers[1].engine: postgres is not an engine; did you mean postgresql?",
      "godwit.yaml:14: providers[0].servers[1].plans[0]: pg-s is a plan for postgresql, and server pg18 runs postgres.",
      "godwit.yaml:14: providers[0].servers[1].plans[1]: pg-m is a plan for postgresql, and server pg18 runs postgres.",
    ],
  ],
  [
    "an add-on whose plan is for another engine",
    "{ id: pg-s, engine: postgresql",
    "{ id: pg-s, engine: cache",
    [
      "godwit.yaml:13: providers[0].servers[0].plans[0]: pg-s is a plan for cache, and server pg15 runs postgresql.",
      "godwit.yaml:14: providers[0].servers[1].plans[0]: pg-s is a plan for cache, and server pg18 runs postgresql.",
      "godwit.yaml:16: providers[0].addons[0].plan: pg-s is a plan for cache, and server pg15 runs postgresql.",
    ],
  ],
  [
    "a restart that holds both",
    "restart: { command: [node, restart-shop.mjs] }",
    "restart: { command: [node], webhook: https://x.example }",
    [
      "godwit.yaml:18: providers[0].applications[0].restart has to hold either command or webhook; write it like { command: [node, restart.mjs] }.",
    ],
  ],
  [
    "an application of two add-ons of one engine",
    "applications: [shop] }\n",
    'applications: [shop] }\n      - { id: b, name: b, server: pg15, plan: pg-s, database: b, user: b, password: "x", applications: [shop] }\n',
    [
      "godwit.yaml:17: providers[0].addons[1].applications[0]: shop reads the same variables from addons[0]; link it to one add-on of each engine.",
    ],
  ],
  ["YAML itself", "name: fleet", "name: [fleet", expect.any(Array) as string[]],
];

test("refuses a URL of another kind of server, and shows nothing of it", () => {
  const text = EXAMPLE.replaceAll("engine: postgresql", "engine: cache");

  expect(printed(readText(text))).toEqual([
    "godwit.yaml:13: providers[0].servers[0].url: the value is not a URL of cache; write it like cache://admin:password@host.",
    "godwit.yaml:14: providers[0].servers[1].url: the value is not a URL of cache; write it like cache://admin:password@host.",
  ]);
});

test("refuses two add-ons on a server that is one add-on", () => {
  const second =
    '      - { id: b, name: b, server: pg15, plan: pg-s, database: b, user: b, password: "x" }\n    applications:\n';
  const text = EXAMPLE.replaceAll("engine: postgresql", "engine: cache").replace(
    "    applications:\n",
    second,
  );
  const environment = { ...ENVIRONMENT, PG15_URL: "cache://a:b@h1", PG18_URL: "cache://a:b@h2" };

  expect(printed(readText(text, environment))).toEqual([
    "godwit.yaml:17: providers[0].addons[1].server: pg15 is the server of addons[0] already, and a server of cache holds one add-on.",
  ]);
});

test.each(BAD)("refuses %s", (_, from, to, problems) => {
  const read = readChanged(from, to);
  expect(printed(read)).toEqual(problems);
  expect(read.config).toBeNull();
});
