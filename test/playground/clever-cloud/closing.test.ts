import { setImmediate as immediately } from "node:timers/promises";
import { expect, test } from "vitest";
import { startLocalCleverCloud } from "../../../playground/clever-cloud/index.ts";
import { settled } from "../open-resources.ts";
import { Connection } from "./connection.ts";

test("closing leaves no server, socket or timer behind", async () => {
  const before = await settled(0);
  const clever = await startLocalCleverCloud({ pace: { stepMs: 60_000, firstStepMs: 1 } });
  const connection = new Connection(clever);
  const addon = clever.seedAddon();
  clever.seedApplication({ linkedTo: [addon] });
  await connection.migrate(addon);
  clever.faults.next("listAddons", { hang: true });
  clever.faults.next("getAddon", { latencyMs: 60_000 });
  const hung = expect(connection.get(`/v2/organisations/${clever.owner}/addons`)).rejects.toThrow(
    "fetch failed",
  );
  const slow = expect(connection.get(connection.addon(addon))).rejects.toThrow("fetch failed");
  const waiting = expect(clever.waitForStatus(addon, ["FAILED"])).rejects.toThrow("closed");
  await clever.waitForStatus(addon, ["RUNNING"]);
  while (clever.callsTo("listAddons").length === 0) await immediately();
  await clever.close();

  await Promise.all([hung, slow, waiting]);
  expect(clever.violations).toEqual([]);
  expect(clever.migrationsOf(addon)).toMatchObject([{ status: "RUNNING" }]);
  expect(await settled(before.length)).toEqual(before);
});

test("a port that is taken leaves the other host closed", async () => {
  const clever = await startLocalCleverCloud();
  const portOf = (url: string): number => Number(new URL(url).port);
  const other = await startLocalCleverCloud();
  const port = portOf(other.url);
  await other.close();

  await expect(startLocalCleverCloud({ port, bridgePort: portOf(clever.bridgeUrl) })).rejects.toThrow(
    "EADDRINUSE",
  );
  const free = await startLocalCleverCloud({ port });
  expect(portOf(free.url)).toBe(port);
  await Promise.all([clever.close(), free.close()]);
});
