import { BSON, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FenceHold } from "../../../src/core/ports/engine.ts";
import { aCall, type EngineSubject, fenced, prepared } from "../../contracts/engine-subject.ts";
import { aSubject, asAdministrator } from "./make-subject.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";

describe("the comparison of two MongoDB databases", () => {
  let server: StandIn;
  let subject: EngineSubject;
  let hold: FenceHold;
  beforeAll(async () => {
    server = await startStandIn();
    subject = await aSubject([server.url, server.url], "empty");
    await asAdministrator(subject.pair.source, async (db) => {
      await db.collection("tokens").createIndex({ at: 1 }, { expireAfterSeconds: 60 });
      await db.collection("tokens").insertOne({ _id: "stays" as never, count: new BSON.Int32(1) });
    });
    await prepared(subject);
    ({ hold } = await fenced(subject));
    await subject.engine.copyData(subject.pair, hold, aCall());
  });
  afterAll(async () => {
    await hold?.release();
    await subject.dispose();
    await server.stop();
  });

  const onTarget = (work: (db: Db) => Promise<unknown>) => asAdministrator(subject.pair.target, work);
  const verify = () => subject.engine.verify(subject.pair, hold, aCall());

  it("lets pass what has expired on one side, and says so", async () => {
    await onTarget((db) => db.collection("tokens").insertOne({ _id: "gone" as never, at: new Date(0) }));
    expect(await verify()).toMatchObject({ rows: 1, notVerified: [expect.stringContaining("expired")] });
  });

  it("does not let pass what expires later", async () => {
    const later = { _id: "later" as never, at: new Date(Date.now() + 60_000) };
    await onTarget((db) => db.collection("tokens").insertOne(later));
    await expect(verify()).rejects.toMatchObject({ code: "verification-mismatch" });
    await subject.engine.copyData(subject.pair, hold, aCall());
    expect(await verify()).toMatchObject({ rows: 1, notVerified: [] });
  });

  it("tells a double from an integer of the same value", async () => {
    await onTarget((db) =>
      db.collection("tokens").updateOne({ _id: "stays" as never }, { $set: { count: new BSON.Double(1) } }),
    );
    await expect(verify()).rejects.toMatchObject({ code: "verification-mismatch" });
  });
});
