import { expect, test } from "vitest";
import type { Log } from "../src/core/ports/log.ts";
import { Secret } from "../src/core/secret.ts";
import { LogRing } from "../src/log-ring.ts";

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const aRing = () => new LogRing(() => new Date("2026-11-22T14:00:00Z"));

test("remembers the last lines of each migration apart, with what children were bound to", () => {
  const ring = aRing();
  const log = ring.tee(silent).child({ migrationId: "mig_a", step: "copy" });
  log.warn({ attempt: 2, err: new Error("reset", { cause: new Error("by peer") }) }, "step stopped");
  ring.tee(silent).info({ migrationId: "mig_b" }, "step succeeded");
  ring.tee(silent).info({}, "nobody's line");

  expect(ring.linesOf("mig_a")).toEqual([
    "2026-11-22T14:00:00.000Z warn step stopped step=copy attempt=2 err=Error: reset <- Error: by peer",
  ]);
  expect(ring.linesOf("mig_b")).toHaveLength(1);
  expect(ring.linesOf("mig_c")).toEqual([]);
});

test("keeps no more than it says, however much is logged", () => {
  const ring = aRing();
  const log = ring.tee(silent);
  for (let n = 0; n < 300; n += 1) log.info({ migrationId: `mig_${n}`, n }, "x".repeat(1_000));
  for (let n = 0; n < 80; n += 1) log.info({ migrationId: "mig_299", n }, "line");

  expect(ring.linesOf("mig_299")).toHaveLength(50);
  expect(ring.linesOf("mig_299").at(-1)).toContain("n=79");
  expect(ring.linesOf("mig_0")).toEqual([]);
  expect(ring.linesOf("mig_150").join("").length).toBeLessThanOrEqual(400);
});

test("keeps no secret, and nothing of whole objects", () => {
  const ring = aRing();
  ring.tee(silent).error(
    {
      migrationId: "mig_a",
      password: "canary-1",
      secret: new Secret("canary-2"),
      url: "postgres://admin:canary-3@db/orders",
      request: { headers: { authorization: "Bearer canary-4" } },
      err: new Error("connecting with password=canary-5 to postgres://u:canary-6@h/d"),
      token: "xoxb-canary-7",
    },
    "token: canary-8",
  );

  expect(ring.linesOf("mig_a")).toHaveLength(1);
  expect(ring.linesOf("mig_a").join()).not.toContain("canary");
});
