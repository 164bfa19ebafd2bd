import { describe, expect, it } from "vitest";
import { describeError, toGodwitError } from "../../../src/engines/postgresql/errors.ts";
import { adaptEntries, splitStatements } from "../../../src/engines/postgresql/schema/adapt-entries.ts";
import { parseEntries, type SchemaEntry } from "../../../src/engines/postgresql/schema/entries.ts";
import type { RoleMap } from "../../../src/engines/postgresql/schema/role-map.ts";
import { Schedule } from "../../../src/engines/postgresql/schema/schedule.ts";
import { scramVerifier } from "../../../src/engines/postgresql/scram-verifier.ts";
import { settingLiteral } from "../../../src/engines/postgresql/settings.ts";
import { quoteText } from "../../../src/engines/postgresql/sql.ts";
import { createPgClientFinder } from "../../../src/engines/postgresql/tools.ts";
import { compareCatalogs } from "../../../src/engines/postgresql/verify/compare-catalogs.ts";

const roles: RoleMap = { sourceOwner: "orders", targetOwner: 'new"r', known: new Set(["reader", 'new"r']) };
const anEntry = (facts: Partial<SchemaEntry>): SchemaEntry => ({
  id: 1,
  oid: 2,
  type: "TABLE",
  label: "x",
  needs: [],
  sql: "",
  ...facts,
});
const adapt = (facts: Partial<SchemaEntry>, policies = new Map<number, string[]>()) =>
  adaptEntries([anEntry(facts)], roles, policies);

describe("a password", () => {
  it("becomes the verifier of RFC 7677", () => {
    expect(scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"))).toBe(
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
  });
});

describe("grants", () => {
  it("to the old owner become grants to the new one", () => {
    const sql =
      "REVOKE ALL ON TABLE public.t FROM orders;\nGRANT ALL ON TABLE public.t TO orders WITH GRANT OPTION;";
    expect(adapt({ type: "ACL", sql }).entries[0]?.sql).toBe(
      'REVOKE ALL ON TABLE public.t FROM "new""r";\nGRANT ALL ON TABLE public.t TO "new""r" WITH GRANT OPTION;',
    );
  });

  it("to roles that the target lacks are left out and counted", () => {
    const sql =
      "GRANT SELECT ON TABLE public.t TO stranger;\nGRANT SELECT ON TABLE public.t TO reader;\nGRANT SELECT ON TABLE public.t TO PUBLIC;";
    const adapted = adapt({ type: "ACL", sql });
    expect(adapted.skippedGrants).toBe(1);
    expect(adapted.entries[0]?.sql).toBe(
      'GRANT SELECT ON TABLE public.t TO "reader";\nGRANT SELECT ON TABLE public.t TO PUBLIC;',
    );
  });

  it("on names that look like statements stay one statement", () => {
    const sql = 'GRANT SELECT ON TABLE public."x TO orders; DROP TABLE y; --" TO orders;';
    expect(splitStatements(sql)).toHaveLength(1);
    expect(adapt({ type: "ACL", sql }).entries[0]?.sql).toBe(
      'GRANT SELECT ON TABLE public."x TO orders; DROP TABLE y; --" TO "new""r";',
    );
  });

  it("for the future are the new owner's, and nobody else's", () => {
    const mine =
      "ALTER DEFAULT PRIVILEGES FOR ROLE orders IN SCHEMA public GRANT SELECT ON TABLES TO reader;";
    const other =
      "ALTER DEFAULT PRIVILEGES FOR ROLE reader IN SCHEMA public GRANT SELECT ON TABLES TO reader;";
    const { entries, skippedGrants } = adapt({ type: "DEFAULT ACL", sql: `${mine}\n${other}` });
    expect(skippedGrants).toBe(1);
    expect(entries[0]?.sql).toBe(
      'ALTER DEFAULT PRIVILEGES FOR ROLE "new""r" IN SCHEMA public GRANT SELECT ON TABLES TO "reader";',
    );
  });
});

describe("policies", () => {
  const sql = "CREATE POLICY p ON public.t TO orders, stranger USING (true);";

  it("are for the roles that the target has", () => {
    const adapted = adapt({ type: "POLICY", oid: 9, sql }, new Map([[9, ["orders", "stranger"]]]));
    expect(adapted.entries[0]?.sql).toBe('CREATE POLICY p ON public.t TO "new""r" USING (true);');
  });

  it("for nobody whom the target has are left out", () => {
    const adapted = adapt({ type: "POLICY", oid: 9, sql }, new Map([[9, ["stranger"]]]));
    expect(adapted).toEqual({ entries: [], skippedGrants: 1 });
  });
});

describe("a dump", () => {
  it("is split into its entries with what they need", () => {
    const script =
      "x\n--\n-- TOC entry 7 (class 1259 OID 42)\n-- Dependencies: 3 4\n-- Name: t; Type: INDEX; Schema: s; Owner: -\n-- Data Pos: 0\n--\n\nCREATE INDEX t;\n\n\n-- Completed on now\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n\n";
    expect(parseEntries(script)).toEqual([
      { id: 7, oid: 42, type: "INDEX", label: "index s.t", needs: [3, 4], sql: "CREATE INDEX t;" },
    ]);
  });

  it("leaves out what only a superuser may create", () => {
    const publication = (sql: string) => adapt({ type: "PUBLICATION", sql }).entries.length;
    expect(publication('CREATE PUBLICATION "a ""b" FOR ALL TABLES WITH (publish = \'insert\');')).toBe(0);
    expect(publication("CREATE PUBLICATION few WITH (publish = 'insert');")).toBe(1);
    expect(adapt({ type: "EVENT TRIGGER", sql: "CREATE EVENT TRIGGER x;" }).entries).toEqual([]);
    const told = [anEntry({ type: "EXTENSION" }), anEntry({ id: 3, type: "COMMENT", needs: [1], sql: "x" })];
    expect(adaptEntries(told, roles, new Map()).entries).toEqual([]);
    expect(adapt({ type: "COMMENT", needs: [5], sql: "COMMENT ON TABLE x IS 'y';" }).entries).toHaveLength(1);
  });
});

describe("the schedule", () => {
  const index = (id: number, table: number) => anEntry({ id, type: "INDEX", needs: [table] });
  const large = { bytes: 9e6, isFilling: false };

  it("gives out indexes of one table together, and a constraint of it alone", () => {
    const constraint = anEntry({ id: 3, type: "CONSTRAINT", needs: [100] });
    const schedule = new Schedule([index(1, 100), index(2, 100), constraint], new Map([[100, large]]));
    const [first, second] = [schedule.take(), schedule.take()];
    expect([first, second]).toEqual([[index(1, 100)], [index(2, 100)]]);
    schedule.finish(first);
    expect(schedule.take()).toEqual([]);
    schedule.finish(second);
    expect(schedule.take()).toEqual([constraint]);
    expect(schedule.left).toBe(0);
  });

  it("waits for what an entry needs, and does not wait for ever in a circle", () => {
    const key = anEntry({ id: 1, type: "CONSTRAINT", needs: [2] });
    const other = anEntry({ id: 2, type: "FK CONSTRAINT", needs: [1] });
    const schedule = new Schedule([key, other]);
    expect(schedule.take()).toEqual([]);
    expect(schedule.takeAnyway()).toEqual([key]);
    schedule.finish([key]);
    expect(schedule.take()).toEqual([other]);
  });

  it("begins an index when its own table is in, and everything else when all are", () => {
    const trigger = anEntry({ id: 2, type: "TRIGGER", needs: [100] });
    const filling = { bytes: 9e6, isFilling: true };
    const tables = new Map([100, 200].map((id) => [id, filling] as const));
    const schedule = new Schedule([index(1, 100), trigger], tables);
    expect(schedule.take()).toEqual([]);
    schedule.arrive(100);
    expect(schedule.take()).toEqual([index(1, 100)]);
    schedule.finish([index(1, 100)]);
    expect(schedule.take()).toEqual([]);
    schedule.arrive(200);
    expect(schedule.take()).toEqual([trigger]);
  });

  it("gives out the entries of small tables together, those of the largest table first", () => {
    const tables = new Map(
      [1, 2, 3].map((id) => [100 + id, { bytes: id === 3 ? 9e6 : 10, isFilling: false }]),
    );
    const schedule = new Schedule([index(1, 101), index(2, 102), index(3, 103)], tables);
    expect(schedule.nextWeightBytes()).toBe(9e6);
    expect(schedule.take()).toEqual([index(3, 103)]);
    expect(schedule.take()).toEqual([index(1, 101), index(2, 102)]);
  });
});

describe("errors of the server", () => {
  const refused = Object.assign(new Error('invalid input syntax for type integer: "4111 1111"'), {
    code: "22P02",
    detail: "Key (card)=(4111 1111)",
    where: "COPY cards, line 1: 4111 1111",
  });

  it("show no value of anybody's row", () => {
    const error = toGodwitError(refused, "Copying cards");
    const shown = `${error.message} ${String(error.cause)} ${JSON.stringify(error.cause)} ${describeError(refused)}`;
    expect(shown).not.toContain("4111");
    expect(error.summary).toContain("Copying cards");
  });

  it("are worth another try when the network is to blame", () => {
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    expect(toGodwitError(reset, "Copying").class).toBe("transient");
    expect(toGodwitError(new Error("Connection terminated unexpectedly"), "Copying").class).toBe("transient");
    expect(toGodwitError(Object.assign(new Error("x"), { code: "42501" }), "Copying").class).toBe(
      "permanent",
    );
  });
});

describe("text in statements", () => {
  it("is quoted whatever it holds", () => {
    expect(quoteText("it's")).toBe("'it''s'");
    expect(quoteText("a\\'b")).toBe(" E'a\\\\''b'");
  });

  it("of a list setting stays a list", () => {
    expect(settingLiteral("search_path", 'app, "q""s, x", "$user"')).toBe("'app', 'q\"s, x', '$user'");
    expect(settingLiteral("work_mem", "4MB")).toBe("'4MB'");
  });
});

describe("comparing catalogs", () => {
  const object = { kind: "index", name: "a", exact: "t", printed: "CREATE INDEX a ON t (x)" };

  it("finds what is missing, extra or different", () => {
    const changed = { ...object, printed: "CREATE INDEX a ON t (y)" };
    for (const target of [[], [changed], [object, { ...object, name: "b" }], [{ ...object, exact: "f" }]]) {
      expect(compareCatalogs([object], target, { isSameMajor: false }).different).toHaveLength(1);
    }
  });

  it("lets a version print brackets and qualifiers its own way", () => {
    const printed = "create index a on public.t ((x)::text)";
    const newer = { ...object, printed: printed.replace("public.", "") };
    const compared = compareCatalogs([{ ...object, printed }], [newer], { isSameMajor: false });
    expect(compared).toEqual({ objects: 1, different: [], reworded: [] });
  });
});

describe("the client programs", () => {
  it("that are missing are asked for by name and version", async () => {
    const find = createPgClientFinder({ env: { PATH: "" }, cwd: "/nowhere" });
    await expect(find(99)).rejects.toMatchObject({
      code: "pg-client-missing",
      remedy: expect.stringContaining("npm run tools"),
    });
  });
});
