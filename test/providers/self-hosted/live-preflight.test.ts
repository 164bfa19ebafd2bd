import { expect, test } from "vitest";
import type { Finding } from "../../../src/core/preflight.ts";
import type { StrategyChoice } from "../../../src/core/target.ts";
import { querySql } from "../../support/test-database.ts";
import { withFleet } from "../../support/with-fleet.ts";
import { NEVER } from "./helpers/a-fleet.ts";
import { aProcess } from "./helpers/a-process.ts";
import { aRun, runStep } from "./helpers/run-steps.ts";

const KEYLESS = /^Tables have no key by which a replication could find changed rows: “public\.keyless”\.$/;
const targetOf = (strategy: StrategyChoice) =>
  ({ planId: "pg-m", version: "18", zone: "par", strategy }) as const;

test("preflight and the check step look for what the chosen strategy needs, and tell each thing once", {
  timeout: 60_000,
}, async () => {
  await withFleet({ rows: 100 }, async (subject) => {
    const world = await aProcess(subject);
    const { provider } = world;
    const addon = await provider.getAddon("addon_orders", NEVER);
    if (!addon) throw new Error("orders is gone");
    const findings = async (strategy: StrategyChoice): Promise<readonly Finding[]> =>
      (await provider.preflight(addon, targetOf(strategy), NEVER)).findings;
    const bySlot = ({ check }: Finding) => check === "slot-bound";

    expect((await findings("live")).filter(({ level }) => level === "blocker")).toEqual([]);
    const url = subject.fleet.server(15).url.replace(/postgres$/, subject.orders.database);
    await querySql(url, "CREATE TABLE public.keyless (a int)");
    for (const strategy of ["live", "live-held"] as const) {
      const found = await findings(strategy);
      expect(found.filter(({ summary }) => KEYLESS.test(summary))).toHaveLength(1);
      expect(found.filter(({ level }) => level === "blocker")).toMatchObject([{ check: "replica-identity" }]);
      expect(found.filter(bySlot)).toHaveLength(1);
    }
    const dump = await findings("dump");
    expect(dump.filter((finding) => bySlot(finding) || finding.level === "blocker")).toEqual([]);

    const run = await aRun(provider, targetOf("live"));
    await expect(runStep(world, run, "check")).rejects.toMatchObject({
      code: "replica-identity",
      summary: expect.stringMatching(KEYLESS),
      remedy: expect.stringMatching(/REPLICA IDENTITY FULL/),
    });
    await provider.close();
  });
});
