import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect } from "vitest";
import type { Stage } from "./stage.ts";

/** Every write that the shop was told is saved is in the new database; every other was refused cleanly. */
export async function expectNothingLost({ shop }: Stage): Promise<void> {
  const environment = parseEnv(await readFile(join(shop.folder, "shop.env"), "utf8"));
  const status = await shop.status();
  const journal = await shop.checkJournal(environment["POSTGRESQL_ADDON_URI"] ?? "");

  expect(status.connectedTo?.version).toMatch(/^18/);
  expect(journal).toMatchObject({ missing: [], present: journal.accepted });
  expect(journal.refused).toBeGreaterThan(0);
  expect(environment["SHOP_NAME"]).toBe("Godwit & Sons");
}

/** The shop could not write for as long as the migration says. */
export async function expectWindowAsTold(stage: Stage): Promise<void> {
  const { readOnlyFrom, readOnlyUntil, proof } = await stage.migration();
  const toldMs = (readOnlyUntil?.getTime() ?? 0) - (readOnlyFrom?.getTime() ?? 0);

  expect(Math.abs((stage.shop.refusedWindow()?.gapMs ?? 0) - toldMs)).toBeLessThan(1_000);
  expect(proof?.notVerified).toEqual([]);
}
