import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Addon,
  type LocalCleverCloud,
  startLocalCleverCloud,
} from "../../../playground/clever-cloud/index.ts";
import { Connection } from "./connection.ts";

describe("requests that go wrong", () => {
  let clever: LocalCleverCloud;
  let connection: Connection;
  let addon: Addon;

  beforeEach(async () => {
    clever = await startLocalCleverCloud({ clock: "hand" });
    connection = new Connection(clever);
    addon = clever.seedAddon();
  });

  afterEach(() => clever.close());

  /** Gives up as soon as the server has the request. */
  const untilSeen = (operation: string): AbortSignal => {
    const controller = new AbortController();
    clever.subscribe((change) => {
      if (change.kind === "api-call" && change.call.operation === operation) controller.abort();
    });
    return controller.signal;
  };

  const look = () => connection.get(connection.addon(addon));
  const statuses = async (times: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let count = 0; count < times; count += 1) seen.push((await look()).status);
    return seen;
  };

  test("a burst of 503", async () => {
    clever.scenarios.unavailable(2);

    expect(await statuses(3)).toEqual([503, 503, 200]);
    expect(clever.calls.map(({ status }) => status)).toEqual([503, 503, 200]);
  });

  test("a burst of 429 says when to come back", async () => {
    clever.scenarios.throttle(1, 7);
    const reply = await look();

    expect(reply.status).toBe(429);
    expect(reply.headers.get("retry-after")).toBe("7");
    expect(await statuses(1)).toEqual([200]);
  });

  test.each([
    [401, 2001],
    [403, 2002],
  ])("%i for one operation looks like the real one", async (status, id) => {
    clever.faults.next("getAddon", { status });

    expect(await look()).toMatchObject({ status, body: { id, type: "error" } });
    expect(await statuses(1)).toEqual([200]);
  });

  test("an answer can be any text or JSON", async () => {
    clever.faults.next("getAddon", { status: 502, body: "<html>Bad Gateway</html>" });
    clever.faults.next("getAddon", { status: 200, body: { unexpected: true } });
    clever.faults.next("getAddon", { status: 503, retryAfter: 2 });
    const gateway = await look();

    expect(gateway).toMatchObject({ status: 502, body: "<html>Bad Gateway</html>" });
    expect(gateway.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await look()).toMatchObject({ status: 200, body: { unexpected: true } });
    expect((await look()).headers.get("retry-after")).toBe("2");
  });

  test("slow answers arrive, later", async () => {
    clever.scenarios.slowAnswers(80);
    const startedMs = performance.now();

    expect(await statuses(1)).toEqual([200]);
    expect(performance.now() - startedMs).toBeGreaterThan(75);
  });

  test("a silent or cut connection has no effect", async () => {
    const hasty = {
      signal: untilSeen("listMigrations"),
      headers: { authorization: `Bearer ${clever.token}` },
    };
    const url = `${clever.bridgeUrl}${connection.addon(addon, "/migrations")}`;
    clever.faults.next("startMigration", { drop: true });
    clever.faults.next("listMigrations", { hang: true });

    await expect(connection.migrate(addon)).rejects.toThrow("fetch failed");
    await expect(fetch(url, hasty)).rejects.toThrow("abort");
    expect(clever.migrationsOf(addon)).toEqual([]);
    expect(clever.calls.map(({ status }) => status)).toEqual([0, 0]);
  });

  test("a lost answer to POST leaves a running migration behind: the connection is cut", async () => {
    clever.scenarios.loseStartAnswer();

    await expect(connection.migrate(addon)).rejects.toThrow("fetch failed");
    expect((await connection.get(connection.addon(addon, "/migrations"))).body).toMatchObject([
      { status: "RUNNING" },
    ]);
  });

  test("a lost answer to POST leaves a running migration behind: the server stays silent", async () => {
    clever.scenarios.loseStartAnswer("silent");
    const post = fetch(`${clever.bridgeUrl}${connection.addon(addon, "/migrations")}`, {
      method: "POST",
      signal: untilSeen("startMigration"),
      headers: { authorization: `Bearer ${clever.token}`, "content-type": "application/json" },
      body: JSON.stringify({ planId: addon.plan.id, region: "par", version: addon.version }),
    });

    await expect(post).rejects.toThrow("abort");
    expect(clever.migrationsOf(addon)).toMatchObject([{ status: "RUNNING" }]);
  });

  test("a lost answer to POST leaves a running migration behind: 503, and a blind repeat is seen", async () => {
    clever.scenarios.loseStartAnswer("503");

    expect(await connection.migrate(addon)).toMatchObject({ status: 503 });
    expect(clever.migrationsOf(addon)).toHaveLength(1);
    expect(await connection.migrate(addon)).toMatchObject({ status: 409 });
    expect(clever.violations).toMatchObject([{ error: "second-migration" }]);
  });

  test("polling faster than once a second is a violation, a short burst is not", async () => {
    await connection.migrate(addon);
    const path = connection.addon(addon, `/migrations/${clever.migrationsOf(addon)[0]?.id}`);
    for (let poll = 0; poll < 5; poll += 1) await connection.get(path);
    expect(clever.violations).toEqual([]);
    for (let poll = 0; poll < 20; poll += 1) {
      clever.advance(1000);
      await connection.get(path);
    }
    expect(clever.violations).toEqual([]);
    for (let poll = 0; poll < 20; poll += 1) {
      clever.advance(500);
      await connection.get(path);
    }
    expect(new Set(clever.violations.map(({ error }) => error))).toEqual(new Set(["fast-polling"]));
  });

  test("calls are kept with all that a test asks for", async () => {
    await connection.migrate(addon);
    clever.advance(1000);
    await connection.get(connection.addon(addon, "/migrations/preorders?planId=x"));

    expect(clever.callsTo("startMigration")).toEqual([
      {
        host: "bridge",
        method: "POST",
        path: connection.addon(addon, "/migrations"),
        operation: "startMigration",
        body: { planId: addon.plan.id, region: "par", version: addon.version },
        status: 200,
        atMs: clever.now() - 1000,
      },
    ]);
    expect(clever.callsTo("preorderMigration")).toMatchObject([
      { path: connection.addon(addon, "/migrations/preorders?planId=x"), status: 404 },
    ]);
  });

  test("a listener hears of calls, migrations and deployments until it leaves", async () => {
    const heard: string[] = [];
    const leave = clever.subscribe(({ kind }) => heard.push(kind));
    clever.seedApplication({ linkedTo: [addon] });
    await connection.migrate(addon);
    clever.advance(60_000);
    leave();
    await look();

    expect(new Set(heard)).toEqual(new Set(["api-call", "migration", "deployment"]));
    expect(heard.filter((kind) => kind === "api-call")).toHaveLength(1);
  });
});
