import type { DatabasePair } from "../../../core/ports/engine.ts";
import type { Program } from "../schema/programs.ts";
import type { Schema } from "../schema/read-schema.ts";
import { NAME, splitTable } from "../schema/scan.ts";
import { type Table, withoutNext } from "../schema/tables.ts";
import { quoteName } from "../sql.ts";
import type { Difference } from "./mismatch.ts";

/** Definitions by the name of what they define. */
type Definitions = ReadonlyMap<string, string>;

/** Columns keep their order; keys and constraints were made in another one. */
function tableText({ create, columns }: Table, rename: (text: string) => string): string {
  const { head, elements, tail } = splitTable(withoutNext(create));
  const others = elements.filter((element) => !element.startsWith("`")).sort();
  const definitions = columns.map(({ definition }) => rename(definition));
  return [head, ...definitions, ...others.map(rename), tail].join("\n");
}

/** Without whom it runs as, which is another one on purpose, and whether it runs yet. */
function programText({ kind, create, mode, collation, zone }: Program): string {
  const plain = create
    .replace(new RegExp(`DEFINER=${NAME}(?:@${NAME})? `), "")
    .replace(/ (ENABLE|DISABLE(?: ON (?:SLAVE|REPLICA))?)(?= COMMENT | DO )/, kind === "EVENT" ? "" : "$&");
  return [plain, mode, collation, zone].join("\n");
}

function definitionsOf(schema: Schema, rename: (text: string) => string): Definitions {
  return new Map([
    ...schema.tables.map((table) => [`table ${table.name}`, tableText(table, rename)] as const),
    ...schema.sequences.map(({ name, create }) => [`sequence ${name}`, create] as const),
    ...schema.programs.map(
      (program) => [`${program.kind.toLowerCase()} ${program.name}`, programText(program)] as const,
    ),
  ]);
}

/** Where numbers go on: counters of tables, and sequences. */
function countersOf({ tables, sequences }: Schema): Definitions {
  return new Map([
    ...tables.flatMap(({ name, next }) =>
      next === null ? [] : [[`counter of table ${name}`, next] as const],
    ),
    ...sequences.map(({ name, next, cycles }) => [`state of sequence ${name}`, `${next}/${cycles}`] as const),
  ]);
}

function compare(source: Definitions, target: Definitions): Difference[] {
  const places = [...new Set([...source.keys(), ...target.keys()])];
  return places.flatMap((place) => {
    if (!target.has(place)) return [{ place, what: "it is missing on the new database" }];
    if (!source.has(place)) return [{ place, what: "it is on the new database only" }];
    return source.get(place) === target.get(place) ? [] : [{ place, what: "it is not the same" }];
  });
}

/** What was compared besides rows. */
export interface ComparedDefinitions {
  readonly counters: number;
  readonly objects: number;
  readonly differences: readonly Difference[];
}

/** Compares what both sides say of their tables, keys, routines, views, triggers, events and counters. */
export function compareDefinitions(source: Schema, target: Schema, pair: DatabasePair): ComparedDefinitions {
  const counters = countersOf(source);
  const [from, to] = [pair.source, pair.target].map(({ database }) => `${quoteName(database)}.`);
  const definitions = definitionsOf(source, (text) => text.replaceAll(from ?? "", to ?? ""));
  const keys = source.tables.flatMap(({ create }) =>
    splitTable(create).elements.filter((e) => !e.startsWith("`")),
  );
  return {
    counters: counters.size,
    objects: definitions.size + keys.length,
    differences: [
      ...compare(
        definitions,
        definitionsOf(target, (text) => text),
      ),
      ...compare(counters, countersOf(target)),
    ],
  };
}
