import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../../src/core/plan.ts";
import type { Finding } from "../../../src/core/preflight.ts";
import { Secret } from "../../../src/core/secret.ts";
import { engineCapabilities } from "../../../src/engines/index.ts";
import { aCall, type EngineSubject } from "../../contracts/engine-subject.ts";
import { aPlan, aSubject, asAdministrator } from "./make-subject.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";

const signal = new AbortController().signal;

describe("what is told before a MongoDB database is moved", () => {
  let server: StandIn;
  let subject: EngineSubject;
  beforeAll(async () => {
    server = await startStandIn();
    subject = await aSubject([server.url, server.url], "filled");
  });
  afterAll(async () => {
    await subject.dispose();
    await server.stop();
  });

  const look = (
    plan: Plan = aPlan(),
    username = subject.pair.source.username,
  ): Promise<readonly Finding[]> => {
    const { source, target } = subject.pair;
    const input = { source: { ...source, username }, targetServer: target.server, targetPlan: plan };
    return subject.engine.preflight(input, signal);
  };
  const levels = async (...args: Parameters<typeof look>): Promise<Record<string, string>> =>
    Object.fromEntries((await look(...args)).map(({ check, level }) => [check, level]));

  it("asks for consent to what is experimental, which its name says too", async () => {
    expect(subject.engine.name).toBe("MongoDB (experimental)");
    expect(engineCapabilities["mongodb"]).toBe(subject.engine.capabilities);
    expect(await levels()).toEqual({ experimental: "consent", standalone: "info", views: "info" });
  });

  it("refuses a plan that is too small, and an application whose user is not known or the administrator", async () => {
    expect(await levels(aPlan({ diskBytes: 10 }))).toMatchObject({ "plan-disk": "blocker" });
    expect(await levels(aPlan(), "stranger")).toMatchObject({ "user-elsewhere": "blocker" });
    expect(await levels(aPlan(), "godwit")).toMatchObject({ "application-is-administrator": "blocker" });
  });

  it("refuses collections that it cannot copy, and tells of those that expire or forget", async () => {
    const { source } = subject.pair;
    await asAdministrator(source, async (db) => {
      await db.command({ create: "sealed", encryptedFields: { fields: [] } });
      await db.createCollection("log", { capped: true, size: 4096 });
      await db.collection("tokens").createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    });
    expect(await levels()).toMatchObject({
      "encrypted-fields": "blocker",
      capped: "info",
      expiring: "warning",
    });
    await asAdministrator(source, async (db) => {
      for (const name of ["sealed", "log", "tokens"]) await db.dropCollection(name);
    });
  });

  it("names users who are not carried over, and those whom the fence does not stop", async () => {
    const { source } = subject.pair;
    await asAdministrator(source, async (db) => {
      await db.command({ createUser: "reports", pwd: "x", roles: [{ role: "read", db: source.database }] });
      await db.command({
        createUser: "mighty",
        pwd: "x",
        roles: [{ role: "readWriteAnyDatabase", db: "admin" }],
      });
    });
    const findings = await look();
    expect(findings.find(({ check }) => check === "other-users")?.summary).toContain("reports");
    expect(findings.find(({ check }) => check === "all-databases")?.summary).toContain("mighty");
    expect((await subject.engine.inspect(source, signal)).otherUsers).toEqual(["reports", "mighty"]);
  });

  it("lets an application connect by the variables that it is given", async () => {
    const { engine, pair } = subject;
    const { MONGODB_ADDON_URI: uri, ...rest } = engine.environment(pair.source);
    expect(Object.keys(rest).sort()).toEqual(
      ["DB", "HOST", "PASSWORD", "PORT", "USER"].map((name) => `MONGODB_ADDON_${name}`),
    );
    const url = new URL(uri?.reveal() ?? "");
    expect(decodeURIComponent(url.username)).toBe(pair.source.username);
    expect(decodeURIComponent(url.password)).toBe(pair.source.password.reveal());
    expect(url.searchParams.get("authSource")).toBe(pair.source.database);
    await subject.read(pair.source);
  });

  it("neither takes nor drops a database that is somebody else's", async () => {
    const { engine, pair, plan } = subject;
    const foreign = { ...pair, target: { ...pair.target, database: "foreign" } };
    await asAdministrator(
      foreign.target,
      async (db) => void (await db.collection("kept").insertOne({ a: 1 })),
    );
    await expect(engine.provision(foreign, plan, aCall())).rejects.toMatchObject({ code: "target-taken" });
    await engine.drop(foreign.target, signal);
    expect(
      await asAdministrator(foreign.target, (db) => db.collection("kept").estimatedDocumentCount()),
    ).toBe(1);
  });

  it("tells a refused login without the password", async () => {
    const url = subject.pair.source.server.adminUrl.reveal().replace("admin%20p", "wrong%20p");
    const wrong = { id: "old", adminUrl: new Secret(url) };
    const error = await subject.engine.serverFacts(wrong, signal).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "login-refused", class: "permanent" });
    expect(JSON.stringify(error)).not.toContain("wrong");
  });
});
