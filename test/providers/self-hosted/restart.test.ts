import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import type { ApplicationConfig } from "../../../src/providers/self-hosted/config.ts";
import { restartApplication } from "../../../src/providers/self-hosted/restart/restart-application.ts";
import { runCommand } from "../../../src/providers/self-hosted/restart/run-command.ts";
import { aClock, aFleet, aFolder, aLog, anApplication, NEVER } from "./helpers/a-fleet.ts";
import { aRun, runSteps } from "./helpers/run-steps.ts";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real server that answers with these status codes in turn, the last one for ever; 0 hangs up. */
async function aWebhook(...statuses: number[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200;
      if (status === 0) return void request.socket.destroy();
      response.writeHead(status, { location: "http://127.0.0.1:1/" }).end("secret answer");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { received, url: new Secret(`http://127.0.0.1:${port}/restart?token=hunter2`) };
}

function restart(application: ApplicationConfig, lines: string[] = []) {
  return restartApplication({
    application,
    addonId: "addon_orders",
    migrationId: "mig_1",
    idempotencyKey: "mig_1:restart-applications",
    clock: aClock(),
    log: aLog(lines),
    signal: NEVER,
  });
}

test("runs the command in the config's folder without a shell and without Godwit's secrets", async () => {
  const folder = await aFolder();
  const script = "require('fs').writeFileSync('seen', JSON.stringify([process.argv.slice(1), process.env]))";
  process.env["DATABASE_PASSWORD_OF_GODWIT"] = "hunter2";
  const command = [process.execPath, "-e", script, "$HOME; id", "*"];
  expect(await restart(anApplication(folder, { restart: { kind: "command", command } }))).toBeNull();
  const seen = await readFile(join(folder, "seen"), "utf8");
  expect(JSON.parse(seen)).toMatchObject([
    ["$HOME; id", "*"],
    { GODWIT_APPLICATION: "shop", GODWIT_ADDON: "addon_orders", GODWIT_MIGRATION: "mig_1" },
  ]);
  expect(seen).not.toContain("hunter2");
});

test("tries a command three times, then says how it ended", async () => {
  const folder = await aFolder();
  const script = "require('fs').appendFileSync('runs', '.'); process.exit(3)";
  const command = [process.execPath, "-e", script];
  expect(await restart(anApplication(folder, { restart: { kind: "command", command } }))).toBe(
    "its restart command ended with exit code 3",
  );
  expect(await readFile(join(folder, "runs"), "utf8")).toBe("...");
});

test("says when the command does not exist", async () => {
  const folder = await aFolder();
  const application = anApplication(folder, {
    restart: { kind: "command", command: [join(folder, "no-such-program")] },
  });
  expect(await restart(application)).toBe("its restart command cannot be run (ENOENT)");
});

test("lets an application that the command leaves in the background go on and print", async () => {
  const folder = await aFolder();
  const child = "setTimeout(() => { console.log('alive'); require('fs').writeFileSync('done', '') }, 300)";
  const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], {stdio: 'inherit', detached: true}).unref()`;
  const call = { folder, variables: {}, timeoutMs: 10_000, signal: NEVER };
  const result = await runCommand({ ...call, command: [process.execPath, "-e", script] });
  expect(result.problem).toBeNull();
  await expect.poll(() => existsSync(join(folder, "done")), { timeout: 5_000 }).toBe(true);
});

test("ends a command at its timeout, with everything it started", async () => {
  const folder = await aFolder();
  const script =
    "require('child_process').spawn('sleep', ['60']); setInterval(() => {}, 1000); console.log('hello')";
  const call = { folder, variables: {}, timeoutMs: 500, signal: NEVER };
  const result = await runCommand({ ...call, command: [process.execPath, "-e", script] });
  expect(result).toEqual({ problem: "its restart command did not end within 0.5 s", output: "hello" });
});

test("signs the webhook's body over time and body", async () => {
  const { received, url } = await aWebhook(202);
  const application = anApplication("/", { restart: { kind: "webhook", url, secret: new Secret("s3cret") } });
  expect(await restart(application)).toBeNull();
  const [{ headers, body }] = received as [Received];
  expect(JSON.parse(body)).toEqual({ application: "shop", addon: "addon_orders", migration: "mig_1" });
  const [, time, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["x-godwit-signature"])) ?? [];
  expect(digest).toBe(createHmac("sha256", "s3cret").update(`${time}.${body}`).digest("hex"));
  expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(10);
  expect(headers["idempotency-key"]).toBe("mig_1:restart-applications:shop");
});

test.each([
  ["repeats after an error of the server", [500, 429, 200], 3, null],
  ["repeats after a lost connection", [0, 200], 2, null],
  ["does not repeat a refused request", [401], 1, "its restart webhook answered with status 401"],
  ["does not follow a redirect", [302], 1, "its restart webhook answered with status 302"],
  ["gives up after three times", [503], 3, "its restart webhook answered with status 503"],
] as const)("%s", async (_, statuses, calls, problem) => {
  const { received, url } = await aWebhook(...statuses);
  const lines: string[] = [];
  const application = anApplication("/", { restart: { kind: "webhook", url, secret: null } });
  expect(await restart(application, lines)).toBe(problem);
  expect(received).toHaveLength(calls);
  expect(received[0]?.headers["x-godwit-signature"]).toBeUndefined();
  expect(lines.join()).not.toMatch(/hunter2|secret answer/);
});

const TARGET = { planId: "pg-m", version: "18", zone: "par", strategy: "dump" } as const;

async function restarted(change: Partial<ApplicationConfig>, connected: Date | null) {
  const fleet = await aFleet((folder) => ({ applications: [anApplication(folder, change)] }));
  fleet.engine.connected = connected;
  const { provider, clock, store, lines } = fleet;
  const run = await aRun(provider, TARGET);
  await runSteps({ provider, clock, store, log: aLog(lines) }, run);
  return { run, outcome: await provider.outcome(run.migration) };
}

test("tells an application that does not connect in time, and finishes all the same", async () => {
  const { run, outcome } = await restarted({}, null);
  expect(outcome.applications).toEqual([
    { name: "Shop", connectedAt: null, problem: "it did not connect within 2 s" },
  ]);
  expect(run.results.get("restart-applications")?.readOnlyUntil).toBeInstanceOf(Date);
  expect(run.results.has("finish")).toBe(true);
});

test("tells an application that could not be restarted", async () => {
  const { outcome } = await restarted({ restart: { kind: "command", command: ["/no/such/program"] } }, null);
  expect(outcome.applications[0]?.problem).toBe("its restart command cannot be run (ENOENT)");
});

test("tells an application that only a person can restart", async () => {
  const { outcome } = await restarted({ restart: null }, null);
  expect(outcome.applications[0]?.problem).toContain("a person has to restart it");
});

test("reads the env file after it was rewritten", async () => {
  const folder = await aFolder();
  await writeFile(join(folder, "shop.env"), "DATABASE_URL=old\n");
  const command = [process.execPath, "-e", "require('fs').copyFileSync('shop.env', 'seen.env')"];
  const application = anApplication(folder, { restart: { kind: "command", command } });
  const fleet = await aFleet(() => ({ applications: [application] }));
  const { provider, clock, store, lines } = fleet;
  await runSteps({ provider, clock, store, log: aLog(lines) }, await aRun(provider, TARGET));
  expect(await readFile(join(folder, "seen.env"), "utf8")).toContain("@pg18.db.example");
});
