import { expect, test } from "vitest";
import { readFileConfig } from "../../../src/config/file.ts";

const ENVIRONMENT = { CLEVER_API_TOKEN: "s3cret-token", CLEVER_SECRET: "s3cret-secret" };

function read(lines: string) {
  const text = `providers:\n  - kind: clever-cloud\n${lines.replace(/^/gm, "    ")}\n`;
  const { config, problems } = readFileConfig({
    text,
    name: "godwit.yaml",
    folder: "/etc/godwit",
    environment: ENVIRONMENT,
  });
  return { provider: config?.providers[0], problems: problems.map(({ where, what }) => `${where}: ${what}`) };
}

test("an owner and a token are enough", () => {
  const { provider, problems } = read('owner: orga_1234-abcd\ntoken: "${CLEVER_API_TOKEN}"');

  expect(problems).toEqual([]);
  expect(provider).toMatchObject({
    kind: "clever-cloud",
    name: "clever-cloud",
    owner: "orga_1234-abcd",
    api: "https://api-bridge.clever-cloud.com",
    elasticsearch: false,
    expires: null,
    poll: { firstMs: 3_000, laterMs: 10_000, slowMs: 30_000 },
    deployWithinMs: 300_000,
    deadlineMs: 21_600_000,
  });
  if (provider?.kind !== "clever-cloud" || provider.credentials.kind !== "token") throw new Error("no token");
  expect(provider.credentials.token.reveal()).toBe("s3cret-token");
  expect(JSON.stringify(provider)).not.toContain("s3cret");
});

test("OAuth1 goes to the API host, and everything can be set", () => {
  const { provider, problems } = read(
    [
      "name: clever",
      "owner: user_1",
      'oauth: { consumerKey: key, consumerSecret: "${CLEVER_SECRET}", token: t, tokenSecret: "${CLEVER_SECRET}" }',
      "expires: 2027-05-31",
      "elasticsearch: true",
      "poll: { first: 1s, later: 2s, slow: 3s }",
      "deployWithin: 10m",
    ].join("\n"),
  );

  expect(problems).toEqual([]);
  expect(provider).toMatchObject({
    name: "clever",
    api: "https://api.clever-cloud.com",
    credentials: { kind: "oauth", consumerKey: "key" },
    elasticsearch: true,
    expires: new Date("2027-05-31T00:00:00Z"),
    poll: { firstMs: 1_000, laterMs: 2_000, slowMs: 3_000 },
    deployWithinMs: 600_000,
  });
});

test.each([
  [
    "owner: orga_1",
    "godwit.yaml:2: providers[0].token is missing; write it like ${CLEVER_API_TOKEN}, in quotes, or give oauth instead.",
  ],
  [
    'owner: orga_1\ntoken: "a"\noauth: { consumerKey: a, consumerSecret: b, token: c, tokenSecret: d }',
    "godwit.yaml:4: providers[0].token: the value stands beside oauth; keep one of the two.",
  ],
  [
    'owner: acme\ntoken: "${CLEVER_API_TOKEN}"',
    "godwit.yaml:3: providers[0].owner: acme is not an organisation; copy its ID from the console, it begins with orga_ or user_.",
  ],
  [
    'owner: orga_1\ntokn: "${CLEVER_API_TOKEN}"\ntoken: "a"',
    "godwit.yaml:4: providers[0].tokn is not a known key; did you mean token?",
  ],
  [
    'owner: orga_1\ntoken: "${CLEVER_TOKEN_THAT_IS_NOT_SET}"',
    "godwit.yaml:4: ${CLEVER_TOKEN_THAT_IS_NOT_SET} is not set in the environment; set the variable CLEVER_TOKEN_THAT_IS_NOT_SET",
  ],
  [
    'owner: orga_1\ntoken: "a"\napi: http://api.example.com',
    "godwit.yaml:5: providers[0].api: http://api.example.com is not an https URL; write it like https://api-bridge.clever-cloud.com.",
  ],
  [
    'owner: orga_1\ntoken: "a"\nexpires: soon',
    "godwit.yaml:5: providers[0].expires: soon is not a day; write it like 2027-05-31.",
  ],
  [
    'owner: orga_1\ntoken: "a"\npoll: { first: 3 }',
    "godwit.yaml:5: providers[0].poll.first: 3 is not a duration; write it like 3s.",
  ],
])("refuses %j with a sentence", (lines, sentence) => {
  expect(read(lines).problems).toEqual([sentence]);
});

test("a platform on this very machine may be spoken to in plain http", () => {
  expect(read('owner: orga_1\ntoken: "a"\napi: http://127.0.0.1:8080/').provider).toMatchObject({
    api: "http://127.0.0.1:8080",
  });
});

test("a fleet and an organisation stand side by side, and an unknown kind names both", () => {
  const text = "providers:\n  - { kind: heroku }\n";
  const { problems } = readFileConfig({ text, name: "godwit.yaml", folder: "/", environment: {} });

  expect(problems.map(({ what }) => what)).toEqual([
    "providers[0].kind: heroku is not a kind of provider; known are self-hosted, clever-cloud.",
  ]);
});
