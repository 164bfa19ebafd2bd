import { afterEach, describe, expect, it } from "vitest";
import type { FleetMajor } from "../../../playground/fleet/start-fleet.ts";
import type { DatabaseAccess, DatabasePair } from "../../../src/core/ports/engine.ts";
import { aCall } from "../../contracts/engine-subject.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl } from "./database-urls.ts";
import { anEngine, aPair, aPlan } from "./make-subject.ts";
import { administratorsSchema, ownersSchema } from "./matrix-schema.ts";
import { readContent } from "./read-content.ts";
import { dumpSchema, readDatabaseFacts, type SchemaDump } from "./schema-dump.ts";

const signal = new AbortController().signal;
const engine = anEngine();
const made: DatabaseAccess[] = [];
const HOLDER = "godwit mig_matrix";
const MAJORS: readonly FleetMajor[] = [14, 15, 16, 17, 18];
/** Also from the newest to itself: what it alone has is nowhere else to be seen. */
const PAIRS = MAJORS.flatMap((from) =>
  MAJORS.filter((to) => to > from || (from === 18 && to === 18)).map((to): [FleetMajor, FleetMajor] => [
    from,
    to,
  ]),
);

/** Kinds of entries that the dump of a source must have, so that comparing dumps compares them. */
const CLASSES = [
  "ACL, AGGREGATE, BLOB METADATA, CAST, CHECK CONSTRAINT, COLLATION, COMMENT, CONSTRAINT, CONVERSION, DEFAULT, DEFAULT ACL",
  "DOMAIN, EVENT TRIGGER, EXTENSION, FK CONSTRAINT, FOREIGN TABLE, FUNCTION, INDEX, INDEX ATTACH, MATERIALIZED VIEW, OPERATOR, POLICY",
  "PROCEDURE, PUBLICATION, PUBLICATION TABLE, ROW SECURITY, RULE, SCHEMA, SEQUENCE, SEQUENCE OWNED BY, SERVER, STATISTICS",
  "TABLE, TABLE ATTACH, TEXT SEARCH CONFIGURATION, TEXT SEARCH DICTIONARY, TRIGGER, TYPE, USER MAPPING, VIEW",
].flatMap((line) => line.split(", "));

const classesOf = (dump: SchemaDump): string[] =>
  Object.keys(dump).map((heading) => /; Type: ([A-Z ]+);/.exec(heading)?.[1] ?? heading);

afterEach(async () => {
  for (const database of made.splice(0)) await engine.drop(database, signal);
});

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function aSource(majors: readonly [FleetMajor, FleetMajor]): Promise<DatabasePair> {
  const pair = await aPair(majors, ownersSchema(majors[0]));
  made.push(pair.source, pair.target);
  const { username, database } = pair.source;
  const sql = administratorsSchema(majors[0], quoted(username), quoted(database));
  await querySql(adminUrl(pair.source), sql);
  return pair;
}

/** What is not the same on the new server, and why. */
const KNOWN_DIFFERENCES: readonly { readonly heading: RegExp; readonly reason: string }[] = [
  {
    heading: /^public; Type: SCHEMA; /,
    reason: "from 15 on, public belongs to pg_database_owner, who is the database's owner",
  },
  {
    heading: /^TABLE empty; Type: ACL; /,
    reason: "17 brought the right MAINTAIN, so that what an owner has kept is written down otherwise",
  },
];

const isKnown = (heading: string): boolean => KNOWN_DIFFERENCES.some((known) => known.heading.test(heading));

const withoutKnown = (dump: SchemaDump): SchemaDump =>
  Object.fromEntries(Object.entries(dump).filter(([heading]) => !isKnown(heading)));

/** Moves the database as a migration does, and looks at the source before it is fenced. */
async function migrate(pair: DatabasePair) {
  const before = { schema: await dumpSchema(pair.source), facts: await readDatabaseFacts(pair.source) };
  await engine.provision(pair, aPlan(), aCall());
  await engine.copySchema(pair, aCall());
  const undo = await engine.planFence(pair.source, signal);
  const hold = await engine.fence(pair.source, undo, HOLDER, aCall());
  await engine.copyData(pair, hold, aCall());
  const proof = await engine.verify(pair, hold, aCall());
  await engine.finish(pair.target, aCall());
  await engine.unfence(pair.source, undo, HOLDER, signal);
  return { before, proof };
}

describe.each(PAIRS)("from PostgreSQL %i to %i", (from, to) => {
  it("carries over every class of object, all data and all settings", async () => {
    const pair = await aSource([from, to]);
    const { before, proof } = await migrate(pair);
    expect(classesOf(before.schema)).toEqual(expect.arrayContaining(CLASSES));
    expect(withoutKnown(await dumpSchema(pair.target))).toEqual(withoutKnown(before.schema));
    expect(await readDatabaseFacts(pair.target)).toEqual(before.facts);
    expect(await readContent(pair.target)).toEqual(await readContent(pair.source));
    expect(proof.notVerified).toEqual([]);
  });
});
