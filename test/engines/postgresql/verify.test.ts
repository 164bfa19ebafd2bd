import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentQuery } from "../../../src/engines/postgresql/verify/table-content.ts";
import { createTestDatabase, querySql } from "../../support/test-database.ts";
import { aVerifiedCopy, type VerifiedCopy } from "./verify-subject.ts";

let copy: VerifiedCopy;

beforeAll(async () => {
  copy = await aVerifiedCopy();
});

afterAll(() => copy?.dispose());

describe("verification of a true copy", () => {
  it("finds nothing, and leaves nothing out", async () => {
    const proof = await copy.verify();
    expect(proof).toMatchObject({ tables: 5, hashedTables: 5, rows: 3901, notVerified: [] });
  });
});

describe("the query that counts and hashes a table", () => {
  it.each([15, 18] as const)("computes each row's hash once for both sums, on %i", async (major) => {
    const database = await createTestDatabase({ major });
    await querySql(database.url, "CREATE TABLE public.t (id int)");
    const column = { name: "id", isBinary: true, isHashable: true };
    const table = { sql: '"public"."t"', name: "t", schema: "public", oid: 1, pages: 0, bytes: 0 };
    const query = contentQuery(
      { ...table, columns: [column], incarnation: "" },
      { form: "values", forms: new Map(), isAmongOthers: false },
    );
    const plan = await querySql<Record<string, string>>(
      database.url,
      `EXPLAIN (VERBOSE, COSTS OFF) ${query}`,
    );
    await database.drop();
    const lines = plan.map((line) => line["QUERY PLAN"]?.trim());
    expect(lines.at(-1)).toMatch(/^Output: hash_record_extended\(ROW\(t\.id\)/);
  });
});

describe("verification notices", () => {
  it.each([
    ["a changed large object", "SELECT lo_put(78, 0, 'x')", "SELECT lo_put(78, 0, 'a')", "(such as 78)"],
    [
      "a lost decimal place",
      "UPDATE exact SET n = 1.5",
      "UPDATE exact SET n = 1.50",
      '"public"."exact" (id 7)',
    ],
    ["a place less in an array", "UPDATE exact SET ns = '{1.5}'", "UPDATE exact SET ns = '{1.50}'", "(id 7)"],
    [
      "a place less in jsonb",
      `UPDATE exact SET j = '[1.0, [2]]'`,
      `UPDATE exact SET j = '[1.00, [2]]'`,
      "(id 7)",
    ],
    [
      "arrays around a value in jsonb",
      `UPDATE exact SET j = '[1.00, [[[2]]]]'`,
      `UPDATE exact SET j = '[1.00, [2]]'`,
      "(id 7)",
    ],
    [
      "a place less in an array of jsonb",
      "UPDATE exact SET js = '{1.0}'",
      "UPDATE exact SET js = '{1.00}'",
      "(id 7)",
    ],
    [
      "a place less in a domain of jsonb",
      "UPDATE exact SET d = '1.0'",
      "UPDATE exact SET d = '1.00'",
      "(id 7)",
    ],
    [
      "a place less in a composite type with jsonb",
      "UPDATE exact SET c.v = '1.0'",
      "UPDATE exact SET c.v = '1.00'",
      "(id 7)",
    ],
    ["a lost blank", "UPDATE exact SET blank = 'x'", "UPDATE exact SET blank = 'x '", "(id 7)"],
    ["a lost sign of zero", "UPDATE exact SET f = 0", "UPDATE exact SET f = '-0'", "(id 7)"],
    ["thirty days for a month", "UPDATE exact SET i = '30 days'", "UPDATE exact SET i = '1 mon'", "(id 7)"],
    [
      "another letter that the collation holds for equal",
      "UPDATE exact SET l = 'sECRET'",
      "UPDATE exact SET l = 'Secret'",
      "(id 7)",
    ],
  ])("%s", async (_, change, back, named) => {
    expect(await copy.saidAfter(change, back)).toContain(named);
  });
});

describe("rows that differ are located", () => {
  it.each([
    [
      "by a key",
      "UPDATE whole SET note = 'x' WHERE id = 1234",
      "UPDATE whole SET note = 'secret1234' WHERE id = 1234",
      "(id 1234)",
    ],
    [
      "by ranges of keys",
      "DELETE FROM whole WHERE id BETWEEN 500 AND 509 OR id = 3000",
      "INSERT INTO whole SELECT g, 'secret' || g FROM generate_series(500, 509) g UNION ALL SELECT 3000, 'secret3000'",
      "(id 500 to 509, 10 rows in the old and 0 in the new; id 3000, 1 rows in the old and 0 in the new)",
    ],
    [
      "beyond the keys of the original",
      "INSERT INTO whole VALUES (2000000000, 'secret')",
      "DELETE FROM whole WHERE id = 2000000000",
      "(id 2000000000, 0 rows in the old and 1 in the new)",
    ],
    [
      "by a UUID",
      "UPDATE long SET note = 'x' WHERE id = md5('7')::uuid",
      "UPDATE long SET note = 'n' WHERE id = md5('7')::uuid",
      "(id 8f14e45f-ceea-167a-5a36-dedd4bea2543)",
    ],
    [
      "by the position where the key is text",
      "UPDATE names SET note = 'x' WHERE part = 105",
      "UPDATE names SET note = 'n' WHERE part = 105",
      "(row 5 in the order of its key)",
    ],
    [
      "by the position where there is no key",
      "DELETE FROM bare WHERE note = 'secret9'",
      "INSERT INTO bare VALUES ('secret9')",
      "(row 9 as they are stored, 1 rows in the old and 0 in the new)",
    ],
  ])("%s", async (_, change, back, named) => {
    const said = await copy.saidAfter(change, back);
    expect(said).toContain(named);
    expect(said).not.toContain("secret");
  });

  it("by a few ranges when they are everywhere", async () => {
    const said = await copy.saidAfter(
      "UPDATE whole SET note = note || '!' WHERE id % 100 = 0",
      "UPDATE whole SET note = 'secret' || id WHERE id % 100 = 0",
    );
    expect(said).toMatch(/"whole" \(id \d+ to \d+; id \d+ to \d+; id \d+ to \d+; \d+ more ranges\)/);
  });
});
