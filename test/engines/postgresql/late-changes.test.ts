import { afterEach, describe, expect, it } from "vitest";
import type { DatabaseAccess } from "../../../src/core/ports/engine.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { appUrl } from "./database-urls.ts";
import { aDatabase, anEngine } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const made: DatabaseAccess[] = [];
const HOLDER = "godwit mig_late";

afterEach(async () => {
  for (const database of made.splice(0)) await engine.drop(database, signal);
});

describe("a table that was made after the fence was planned", () => {
  it("keeps the fence from being built, and its owner can write to it afterwards", async () => {
    const source = await aDatabase(15, "CREATE TABLE t (a int); GRANT UPDATE (a) ON t TO PUBLIC");
    made.push(source);
    const undo = await engine.planFence(source, signal);
    await querySql(appUrl(source), "CREATE TABLE late (a int)");

    await expect(engine.fence(source, undo, HOLDER, aCall())).rejects.toMatchObject({
      code: "schema-changed",
    });
    await engine.unfence(source, undo, HOLDER, signal);

    await querySql(appUrl(source), "INSERT INTO late VALUES (1); INSERT INTO t VALUES (1)");
  });
});
