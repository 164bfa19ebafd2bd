import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig, loadEnvironment } from "../../src/config.ts";
import { GodwitError } from "../../src/core/failure.ts";
import { ENVIRONMENT, EXAMPLE, fleetOf } from "./a-config-file.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "godwit-config-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function failure(work: Promise<unknown>): Promise<GodwitError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GodwitError)) throw new Error("expected a GodwitError");
  return error;
}

test("joins the environment and the file, frozen to the bottom", async () => {
  await writeFile(join(folder, "godwit.yaml"), EXAMPLE);
  const config = await loadConfig({ environment: { ...ENVIRONMENT, LOG_LEVEL: "debug" }, folder });
  expect(config).toMatchObject({ file: join(folder, "godwit.yaml"), logLevel: "debug", redisUrl: null });
  expect(fleetOf(config)?.applications[0]?.envFile).toBe(join(folder, "shop.env"));
  expect(Object.isFrozen(fleetOf(config)?.plans[0]?.monthlyPrice)).toBe(true);
});

test("finds the file that GODWIT_CONFIG names", async () => {
  await writeFile(join(folder, "other.yaml"), EXAMPLE);
  const environment = { ...ENVIRONMENT, GODWIT_CONFIG: "other.yaml" };
  expect((await loadConfig({ environment, folder })).file).toBe(join(folder, "other.yaml"));
});

test("says what to do when there is no file", async () => {
  const error = await failure(loadConfig({ environment: {}, folder }));
  expect(error.code).toBe("bad-configuration");
  expect(error.message).toBe(
    `The configuration file ${folder}/godwit.yaml cannot be read (ENOENT). Write one as the README shows, or set GODWIT_CONFIG to the path of yours.`,
  );
});

test("lists the problems of both sources at once", async () => {
  await writeFile(join(folder, "godwit.yaml"), EXAMPLE.replace("disk: 40GiB", "disk: 40GB1"));
  const error = await failure(loadConfig({ environment: { ...ENVIRONMENT, PORT: "http" }, folder }));
  expect(error.summary).toBe(`The configuration has 2 problems:
environment: PORT: http is not a port; write it like 3000.
godwit.yaml:11: providers[0].plans[1].disk: 40GB1 is not a size; write it like 40GiB.
`);
});

const SLACK = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" };

test("reads Slack's Socket Mode, HTTP mode, and Discord", () => {
  expect(loadEnvironment(SLACK).slack).toMatchObject({ mode: "socket", apiUrl: null });
  const http = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "s", PORT: "8080" };
  expect(loadEnvironment(http).slack).toMatchObject({ mode: "http", port: 8080 });
  const discord = {
    DISCORD_TOKEN: "t",
    DISCORD_APPLICATION_ID: "1",
    DISCORD_API_URL: "http://localhost:1/api",
  };
  expect(loadEnvironment(discord).discord).toMatchObject({ guildId: null, apiUrl: "http://localhost:1/api" });
});

test("takes empty variables for unset", () => {
  expect(loadEnvironment({ SLACK_BOT_TOKEN: "", DATABASE_URL: " ", ADMIN_PORT: "" })).toMatchObject({
    slack: null,
    databaseUrl: null,
    admin: null,
  });
});

test("opens the admin interface on loopback unless told otherwise", () => {
  expect(loadEnvironment({ ADMIN_PORT: "9090" }).admin).toEqual({ host: "127.0.0.1", port: 9090 });
  expect(loadEnvironment({ ADMIN_PORT: "0.0.0.0:9090" }).admin).toEqual({ host: "0.0.0.0", port: 9090 });
});

const BAD: readonly [environment: Record<string, string>, problem: RegExp][] = [
  [
    { DATABASE_URL: "mysql://root:hunter2@h" },
    /DATABASE_URL: the value is not a URL; write it like postgres:/,
  ],
  [{ LOG_LEVEL: "wran" }, /LOG_LEVEL: wran is not a level; write fatal, error, warn/],
  [{ ADMIN_PORT: "99999" }, /ADMIN_PORT: 99999 is not a port/],
  [{ SLACK_API_URL: "slack.test" }, /SLACK_API_URL: slack\.test is not a URL/],
  [{ SLACK_BOT_TOKEN: "xoxb-1" }, /set SLACK_APP_TOKEN too \(Socket Mode\), or SLACK_SIGNING_SECRET/],
  [{ SLACK_APP_TOKEN: "xapp-1" }, /SLACK_BOT_TOKEN is not set/],
  [{ SLACK_BOT_TOKEN: "xapp-1", SLACK_APP_TOKEN: "xoxb-1" }, /put it in SLACK_APP_TOKEN/],
  [{ DISCORD_TOKEN: "hunter2" }, /DISCORD_APPLICATION_ID is not set/],
  [{ DISCORD_APPLICATION_ID: "1" }, /DISCORD_TOKEN is not set/],
];

test.each(BAD)("refuses %o", (environment, problem) => {
  const call = () => loadEnvironment(environment);
  expect(call).toThrow(problem);
  expect(call).not.toThrow(/hunter2/);
});

test("refuses a mirror on a platform that is not connected", async () => {
  await writeFile(join(folder, "godwit.yaml"), `${EXAMPLE}\nmirror: { discord: "100000000000000003" }\n`);
  const error = await failure(loadConfig({ environment: ENVIRONMENT, folder }));
  expect(error.summary).toContain("mirror.discord names a channel, but DISCORD_TOKEN is not set");
  const discord = { DISCORD_TOKEN: "token", DISCORD_APPLICATION_ID: "100000000000000004" };
  const config = await loadConfig({ environment: { ...ENVIRONMENT, ...discord }, folder });
  expect(config.mirror).toEqual({ slack: null, discord: "100000000000000003" });
});
