import { expect, test } from "vitest";
import { wordsOf } from "../../../src/providers/clever-cloud/words-of.ts";
import { aBench } from "./helpers/a-bench.ts";
import { orders } from "./helpers/a-platform.ts";

test("a return that the platform shows a little later is a return", async () => {
  const { clever, migrated } = await aBench();
  const addon = orders(clever);
  clever.scenarios.failAndRecover({ at: "DUMP_AND_RESTORE" });
  let looks = 0;
  const stop = clever.subscribe((change) => {
    if (change.kind === "migration" && change.migration.status === "RECOVERED") addon.version = "16";
    if (change.kind !== "api-call" || change.call.operation !== "getAddon" || addon.version !== "16") return;
    looks += 1;
    if (looks === 2) addon.version = "15";
  });
  const failed = await migrated({ addonId: "orders", version: "17" });
  stop();

  expect(failed).toMatchObject({ state: "rolled_back", failure: { code: "clever-cloud-recovered" } });
});

test("an add-on that may not be looked at after the end is told in words of its own", async () => {
  const { clever, migrated, told } = await aBench();
  orders(clever);
  clever.scenarios.failAndRecover({ at: "DUMP_AND_RESTORE" });
  const stop = clever.subscribe((change) => {
    if (change.kind === "migration" && change.migration.status === "RECOVERED")
      clever.faults.next("getAddon", { status: 403 }, { times: 50 });
  });
  const failed = await migrated({ addonId: "orders", version: "17" });
  stop();

  expect(failed).toMatchObject({ state: "needs_support", failure: { code: "clever-cloud-forbidden" } });
  expect((await told(failed.id, "failed")).join("\n")).toContain(
    "is over with RECOVERED, and Godwit cannot see whether the add-on is as it was before. Clever Cloud does not let Godwit read",
  );
});

test("what the platform quotes of rows and of commands stays out of the thread", async () => {
  const { clever, migrated, told } = await aBench();
  orders(clever);
  const message = `ERROR: duplicate key DETAIL: Key (email)=(ann@example.org) exists.\nCOPY users (ann@example.org)`;
  clever.scenarios.failAndRecover({ at: "DUMP_AND_RESTORE", message });
  const failed = await migrated({ addonId: "orders", version: "17" });

  const lines = (await told(failed.id, "failed")).join("\n");
  expect(lines).toContain("which says “ERROR: duplicate key”");
  expect(lines).not.toContain("ann@example.org");
});

test("a long message of the platform is cut", () => {
  expect(wordsOf({ message: `Key (a)=(b) is missing\nmore` })).toBe("a key is missing");
  expect(Array.from(wordsOf({ message: "é".repeat(400) }))).toHaveLength(300);
  expect(wordsOf({ message: null })).toBe("");
});
