import { afterEach, beforeEach, expect, it } from "vitest";
import type { FleetStore } from "../../src/core/ports/fleet.ts";
import { Secret } from "../../src/core/secret.ts";
import { drive } from "../../src/migrations/runner/drive.ts";
import { createFleetStore } from "../../src/store/fleet-store.ts";
import { relocation } from "../migrations/step-behaviours.ts";
import { openWorkbench, type Workbench } from "../migrations/workbench.ts";
import { aKeyring } from "./a-keyring.ts";

let bench: Workbench;
let fleet: FleetStore;

beforeEach(async () => {
  bench = await openWorkbench();
  fleet = createFleetStore(bench.pool, aKeyring());
  await fleet.adopt(
    {
      id: "addon_orders",
      providerName: "scripted",
      name: "orders",
      engine: "postgresql",
      serverId: "pg15",
      planId: "pg-s",
      database: "orders",
      username: "orders",
      secretRef: "old",
      applications: [],
    },
    new Secret("old password"),
  );
});

afterEach(async () => {
  await bench.close();
});

const there = { serverId: "pg15", planId: "pg-s", database: "orders", username: "orders", secretRef: "old" };

async function moved(place: object = {}): Promise<string> {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("switch", async (context) => {
    await context.passPivot({ ...relocation(), ...place });
    return {};
  });
  await drive(bench.driver("one"), id);
  return id;
}

it("keeps an old database for as long as a migration that returns to it lives", async () => {
  const left = await moved();
  const { id: back } = await bench.confirmed();

  expect(await fleet.holdRetired(left, back)).toBe(true);
  expect(await fleet.claimDrop(left)).toBe(false);

  bench.provider.behaviours.set("check", async () => Promise.reject(new Error("never mind")));
  await drive(bench.driver("one"), back);
  expect(await fleet.claimDrop(left)).toBe(true);
});

it("tells which old databases follow, but for those that a living migration returns to, and that they end once", async () => {
  const left = await moved();
  const followers = async () => (await fleet.following("scripted")).map(({ migrationId }) => migrationId);
  expect(await followers()).toEqual([]);

  await fleet.beginFollowing(left);
  expect(await followers()).toEqual([left]);
  const { id: back } = await bench.confirmed();
  await fleet.holdRetired(left, back);
  expect(await followers()).toEqual([]);
  bench.provider.behaviours.set("check", async () => Promise.reject(new Error("never mind")));
  await drive(bench.driver("one"), back);
  expect(await followers()).toEqual([left]);

  expect(await fleet.endFollowing(left)).toBe(true);
  expect(await fleet.endFollowing(left)).toBe(false);
  expect(await followers()).toEqual([]);
});

it("gives no hold of an old database that is being dropped", async () => {
  const left = await moved();
  const { id: back } = await bench.confirmed();

  expect(await fleet.claimDrop(left)).toBe(true);
  expect(await fleet.holdRetired(left, back)).toBe(false);
});

it("forgets to drop a database that an add-on has returned to, and keeps its password", async () => {
  const left = await moved();
  const back = await moved(there);

  expect((await fleet.retired("scripted")).map(({ migrationId }) => migrationId)).toEqual([back]);
  expect(await fleet.claimDrop(left)).toBe(false);
  expect(await fleet.addon("scripted", "addon_orders")).toMatchObject(there);
  expect((await fleet.secret("old"))?.reveal()).toBe("old password");
});

it("passes a pivot once: a worker that repeats it moves and retires nothing a second time", async () => {
  const { id } = await bench.confirmed();
  bench.provider.behaviours.set("switch", async (context) => {
    await context.passPivot({ ...relocation(), database: "first" });
    await context.passPivot({ ...relocation(), database: "second" });
    return {};
  });
  await drive(bench.driver("one"), id);

  expect((await bench.store.migration(id))?.state).toBe("succeeded");
  expect(await fleet.addon("scripted", "addon_orders")).toMatchObject({ database: "first" });
  expect((await fleet.retired("scripted")).map(({ database }) => database)).toEqual(["orders"]);
});
