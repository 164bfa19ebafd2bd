import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aVerifiedCopy, type VerifiedCopy } from "./verify-subject.ts";

let copy: VerifiedCopy;

beforeAll(async () => {
  copy = await aVerifiedCopy();
});

afterAll(() => copy?.dispose());

describe("verification of definitions notices", () => {
  it.each([
    [
      "a lost grant",
      "REVOKE INSERT ON whole FROM pg_monitor",
      "GRANT INSERT ON whole TO pg_monitor",
      "grant on table public.whole to pg_monitor",
    ],
    [
      "an added grant",
      "GRANT SELECT ON bare TO PUBLIC",
      "REVOKE SELECT ON bare FROM PUBLIC",
      "grant on table public.bare to PUBLIC",
    ],
    [
      "a lost grant on a column",
      "REVOKE UPDATE (note) ON whole FROM PUBLIC",
      "GRANT UPDATE (note) ON whole TO PUBLIC",
      "column public.whole.note to PUBLIC",
    ],
    [
      "a right that the owner had given up",
      "GRANT DELETE ON bare TO {owner}",
      "REVOKE DELETE ON bare FROM {owner}",
      "owner's right on table public.bare",
    ],
    [
      "a lost grant on a type",
      "REVOKE USAGE ON TYPE mood FROM pg_monitor",
      "GRANT USAGE ON TYPE mood TO pg_monitor",
      "type public.mood to pg_monitor",
    ],
    [
      "a lost default privilege",
      "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE SELECT ON TABLES FROM pg_monitor",
      "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO pg_monitor",
      "default privilege * r to pg_monitor",
    ],
    [
      "another owner",
      "ALTER TABLE bare OWNER TO postgres",
      "ALTER TABLE bare OWNER TO {owner}",
      "owner table public.bare",
    ],
    [
      "a changed comment",
      "COMMENT ON COLUMN whole.note IS 'x'",
      "COMMENT ON COLUMN whole.note IS 'about'",
      "comment table column public.whole.note",
    ],
    [
      "a lost comment on the database",
      "COMMENT ON DATABASE {database} IS NULL",
      "COMMENT ON DATABASE {database} IS 'the shop'",
      "database comment",
    ],
    [
      "a lost setting",
      "ALTER DATABASE {database} RESET work_mem",
      "ALTER DATABASE {database} SET work_mem = '9MB'",
      "setting database work_mem",
    ],
    [
      "a replica trigger",
      "ALTER TABLE whole ENABLE REPLICA TRIGGER tr",
      "ALTER TABLE whole ENABLE TRIGGER tr",
      "trigger public.whole.tr",
    ],
    [
      "a changed policy",
      "ALTER POLICY p ON whole USING (id > 1)",
      "ALTER POLICY p ON whole USING (id > 0)",
      "policy public.whole.p",
    ],
    [
      "another statistics target",
      "ALTER STATISTICS st SET STATISTICS 9",
      "ALTER STATISTICS st SET STATISTICS -1",
      "statistics public.st",
    ],
    [
      "a changed text search configuration",
      "ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR word WITH english_stem",
      "ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR word WITH simple",
      "text search configuration public.words",
    ],
    [
      "a strange event trigger",
      "CREATE EVENT TRIGGER strange ON sql_drop EXECUTE FUNCTION et(); ALTER EVENT TRIGGER strange DISABLE",
      "DROP EVENT TRIGGER strange",
      "event trigger strange",
    ],
    [
      "a lost event trigger",
      "DROP EVENT TRIGGER watch",
      "CREATE EVENT TRIGGER watch ON sql_drop EXECUTE FUNCTION et(); ALTER EVENT TRIGGER watch ENABLE REPLICA; COMMENT ON EVENT TRIGGER watch IS 'about'",
      "original: event trigger watch, outer comment event trigger watch, outer owner event trigger watch.",
    ],
    [
      "an event trigger that fires at other times",
      "ALTER EVENT TRIGGER watch ENABLE ALWAYS",
      "ALTER EVENT TRIGGER watch ENABLE REPLICA",
      "event trigger watch",
    ],
    ["a strange publication", "CREATE PUBLICATION pub", "DROP PUBLICATION pub", "publication pub"],
    [
      "a lost publication",
      "DROP PUBLICATION everything",
      "CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert')",
      "publication of all tables everything",
    ],
    [
      "other published rows",
      "ALTER PUBLICATION partly SET TABLE whole (id) WHERE (id > 4)",
      "ALTER PUBLICATION partly SET TABLE whole (id) WHERE (id > 3)",
      "published rows public.whole of partly",
    ],
    [
      "a schema that is no longer published",
      'ALTER PUBLICATION of_schema DROP TABLES IN SCHEMA "q""s"',
      'ALTER PUBLICATION of_schema ADD TABLES IN SCHEMA "q""s"',
      'published schema "q""s" of of_schema',
    ],
    [
      "another owner of a publication",
      "ALTER PUBLICATION partly OWNER TO postgres",
      "ALTER PUBLICATION partly OWNER TO {owner}",
      "owner publication partly",
    ],
    [
      "a lost grant on a large object",
      "REVOKE SELECT ON LARGE OBJECT 78 FROM pg_monitor",
      "GRANT SELECT ON LARGE OBJECT 78 TO pg_monitor",
      "right on large objects pg_monitor SELECT",
    ],
    [
      "a right on a large object that its owner had given up",
      "GRANT UPDATE ON LARGE OBJECT 77 TO {owner}",
      "REVOKE UPDATE ON LARGE OBJECT 77 FROM {owner}",
      "owner's right on large objects UPDATE given up",
    ],
    [
      "another owner of a large object",
      "ALTER LARGE OBJECT 78 OWNER TO postgres",
      "ALTER LARGE OBJECT 78 OWNER TO {owner}",
      "owner of large objects",
    ],
    [
      "another comment on a large object",
      "COMMENT ON LARGE OBJECT 77 IS 'x'",
      "COMMENT ON LARGE OBJECT 77 IS 'about'",
      "comments on large objects",
    ],
    [
      "another storage",
      "ALTER TABLE whole ALTER note SET STORAGE EXTERNAL",
      "ALTER TABLE whole ALTER note SET STORAGE EXTENDED",
      "column public.whole.note",
    ],
    [
      "a link that leads elsewhere",
      "ALTER SERVER far OPTIONS (SET host 'b')",
      "ALTER SERVER far OPTIONS (SET host 'a')",
      "foreign server far",
    ],
    [
      "another password for another server",
      "ALTER USER MAPPING FOR pg_monitor SERVER far OPTIONS (SET password 'q')",
      "ALTER USER MAPPING FOR pg_monitor SERVER far OPTIONS (SET password 'p')",
      "user mapping of pg_monitor at far",
    ],
    [
      "a lost right to use a link",
      "REVOKE USAGE ON FOREIGN SERVER far FROM pg_monitor",
      "GRANT USAGE ON FOREIGN SERVER far TO pg_monitor",
      "grant on foreign server far to pg_monitor",
    ],
    [
      "another table behind a foreign table",
      "ALTER FOREIGN TABLE afar OPTIONS (SET table_name 'b')",
      "ALTER FOREIGN TABLE afar OPTIONS (SET table_name 'a')",
      "relation public.afar",
    ],
  ])("%s", async (_, change, back, named) => {
    expect(await copy.saidAfter(change, back)).toContain(named);
  });
});
