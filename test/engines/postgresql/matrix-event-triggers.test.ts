import { afterEach, describe, expect, it } from "vitest";
import type { DatabaseAccess, DatabasePair, FenceHold } from "../../../src/core/ports/engine.ts";
import type { Replication } from "../../../src/core/ports/replication.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { CatalogObject } from "../../../src/engines/postgresql/verify/catalog-objects.ts";
import { compareSides } from "../../../src/engines/postgresql/verify/compare-sides.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl, appUrl } from "./database-urls.ts";
import { anEngine, aPair, aPlan } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const made: DatabasePair[] = [];
const PLAN = { id: "mig_triggers", backlogLimitBytes: 2 ** 30 };

const SCHEMA = `
CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t SELECT g, 'n' FROM generate_series(1, 100) g; CREATE INDEX by_note ON t (note);
CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n FROM t; CREATE TABLE log (at int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tag text);
CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS 'BEGIN INSERT INTO log (tag) VALUES (tg_tag); END';
CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $f$ BEGIN RAISE 'no % here', tg_tag; END $f$;
`;

/** Writes down every statement, and refuses some that Godwit makes on the new server only. */
const TRIGGERS = `
CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION public.note();
CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE SUBSCRIPTION', 'ALTER SUBSCRIPTION', 'DROP SUBSCRIPTION', 'REFRESH MATERIALIZED VIEW', 'CREATE INDEX')
  EXECUTE FUNCTION public.refuse();`;

const TRIGGER_NAMES = "SELECT string_agg(evtname, ' ' ORDER BY evtname) AS names FROM pg_event_trigger";

afterEach(async () => {
  for (const pair of made.splice(0)) {
    await replication().end(pair, PLAN.id, signal);
    await engine.drop(pair.target, signal);
    await engine.drop(pair.source, signal);
  }
});

function replication(): Replication {
  if (!engine.replication) throw new Error("there is no replication");
  return engine.replication;
}

async function aPreparedPair(majors: Parameters<typeof aPair>[0], more = ""): Promise<DatabasePair> {
  const pair = await aPair(majors, `${SCHEMA} ${more}`);
  made.push(pair);
  await querySql(adminUrl(pair.source), TRIGGERS);
  await engine.provision(pair, aPlan(), aCall());
  await engine.copySchema(pair, aCall());
  return pair;
}

async function triggersOf(database: DatabaseAccess): Promise<string | null> {
  const rows = await querySql<{ names: string | null }>(adminUrl(database), TRIGGER_NAMES);
  return rows[0]?.names ?? null;
}

async function underFence(pair: DatabasePair, work: (hold: FenceHold) => Promise<void>): Promise<void> {
  const undo = await engine.planFence(pair.source, signal);
  const hold = await engine.fence(pair.source, undo, PLAN.id, aCall());
  try {
    await work(hold);
  } finally {
    await engine.unfence(pair.source, undo, PLAN.id, signal);
    await hold.release();
  }
}

function findingsOn({ source }: DatabasePair, adminUrl: Secret) {
  const targetServer = { id: "target", adminUrl };
  return engine.preflight({ source, targetServer, targetPlan: aPlan() }, signal);
}

describe("event triggers", () => {
  it.each([
    { majors: [15, 16], state: "ENABLE", notes: ["first", "second"] },
    { majors: [17, 18], state: "ENABLE ALWAYS", notes: ["first"] },
  ] as const)(
    "see nothing of a replication from $majors, also when its switch is taken back",
    async ({ majors, state, notes }) => {
      const pair = await aPreparedPair(majors);
      await querySql(adminUrl(pair.source), `ALTER EVENT TRIGGER refuse ${state}`);
      await replication().start(pair, PLAN, aCall());
      expect(await triggersOf(pair.target)).toBeNull();
      for (const note of notes) {
        await replication().resume(pair, PLAN, signal);
        await querySql(appUrl(pair.source), `UPDATE t SET note = '${note}' WHERE id = 1`);
        await replication().prepareSwitch(pair, PLAN, aCall());
        expect(await triggersOf(pair.target)).toBeNull();
        await underFence(pair, async (hold) => {
          const options = { hold, call: aCall() };
          await replication().drain(pair, PLAN, options);
          expect((await replication().verify(pair, PLAN, options)).notVerified).toEqual([]);
        });
        expect(await triggersOf(pair.target)).toBe("note refuse");
      }
      await replication().end(pair, PLAN.id, signal);
      await engine.finish(pair.target, aCall());
      await querySql(appUrl(pair.target), "CREATE TABLE later (a int)");
      const tags = await querySql(appUrl(pair.target), "SELECT tag FROM log ORDER BY at");
      expect(tags.slice(-1)).toEqual([{ tag: "CREATE TABLE" }]);
    },
  );

  it("see nothing of a copy that goes on after they were made, whose large objects get no default rights", async () => {
    const defaults = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO pg_monitor";
    const pair = await aPreparedPair([18, 18], `SELECT lo_create(7); ${defaults};`);
    const done = new Set<string>();
    const journal = {
      done,
      add: (tables: readonly string[]) => tables.forEach((table) => done.add(table)),
      clear: () => done.clear(),
    };
    await underFence(pair, async (hold) => {
      await engine.copyData(pair, hold, aCall(), journal);
      expect(await triggersOf(pair.target)).toBe("note refuse");
      await engine.copyData(pair, hold, aCall(), journal);
      expect((await engine.verify(pair, hold, aCall())).notVerified).toEqual([]);
    });
  });

  it("are named before the migration where they run at logins", async () => {
    const pair = await aPair([17, 18]);
    made.push(pair);
    const look = "CREATE FUNCTION public.look() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'";
    await querySql(
      adminUrl(pair.source),
      `${look}; CREATE EVENT TRIGGER look ON login EXECUTE FUNCTION public.look()`,
    );
    const findings = await findingsOn(pair, pair.target.server.adminUrl);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "login-triggers",
        level: "warning",
        summary: expect.stringContaining("“look”"),
      }),
    );
  });

  it("are named before the migration where Godwit's administrator may not make them", async () => {
    const pair = await aPreparedPair([15, 18]);
    await querySql(adminUrl(pair.source), "CREATE PUBLICATION everything FOR ALL TABLES");
    const root = pair.target.server.adminUrl.reveal();
    const role = `plain_${pair.target.database}`;
    await querySql(root, `CREATE ROLE ${role} LOGIN PASSWORD 'p'`);
    const url = new URL(root);
    url.username = role;
    url.password = "p";
    const findings = await findingsOn(pair, new Secret(url.href));
    await querySql(root, `DROP ROLE ${role}`);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "event-triggers",
        level: "warning",
        summary: expect.stringMatching(/not carried over.*“note”, “refuse”/),
      }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "outer-publications",
        level: "warning",
        summary: expect.stringContaining("“everything”"),
      }),
    );
    const others = await findingsOn(pair, pair.target.server.adminUrl);
    expect(others.filter(({ summary }) => summary.includes("not carried over"))).toEqual([]);
  });
});

describe("what is missing on the new server", () => {
  const object = (kind: string): CatalogObject => ({ kind, name: "x", exact: "", printed: "" });
  const terms = { isSameMajor: true, owner: "o", unknownSettings: new Set<string>() };

  it("is named where only a superuser could make it, and Godwit's administrator is none", () => {
    const missing = ["event trigger", "publication of all tables", "published schema"].map(object);
    expect(compareSides(missing, [], { ...terms, isSuperuser: false })).toMatchObject({
      different: [],
      notCarried: ["event trigger x", "publication of all tables x", "published schema x"],
    });
  });

  it.each(["event trigger", "publication of all tables", "published schema", "outer comment", "publication"])(
    "is a difference where it could be made: %s",
    (kind) => {
      const compared = compareSides([object(kind)], [], { ...terms, isSuperuser: kind !== "publication" });
      expect(compared).toMatchObject({ different: [`${kind} x`], notCarried: [] });
    },
  );
});
