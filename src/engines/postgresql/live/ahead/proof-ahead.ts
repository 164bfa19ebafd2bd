import type { DatabasePair, EngineCall } from "../../../../core/ports/engine.ts";
import { asAdmin, withSession } from "../../session.ts";
import { readTables, type Table } from "../../tables.ts";
import { compareScopes, type Scope } from "../../verify/compare-scopes.ts";
import type { CompareOptions, TablesCompared } from "../../verify/compare-tables.ts";
import { type ExactForms, readExactForms } from "../../verify/exact-forms.ts";
import { type RowKeys, readRowKeys } from "../../verify/keyed-content.ts";
import { mismatch } from "../../verify/mismatch.ts";
import { type Sides, withManySides } from "../../verify/sides.ts";
import { proofSlots, type ReplicationNames } from "../names.ts";
import type { TableChanges } from "./changed-rows.ts";
import { Follower } from "./follower.ts";
import { atMoment } from "./moment.ts";

/** Changed rows that are compared under the fence without another round before it. */
const FEW_KEYS = 1_000;
/** A database that changes faster than it is compared is not caught up with. */
const ROUNDS = 5;

/** What is known of the tables since the last round. */
interface Proven {
  /** The tables as they were before the follower's start, and how their rows are read. */
  readonly facts: Facts;
  readonly follower: Follower;
  /** Rows of each table at the follower's start. */
  readonly rows: ReadonlyMap<string, number>;
  /** Tables of which more changed while they were compared than can be told apart. */
  readonly open: ReadonlySet<string>;
}

/** What a round works with. */
interface Facts {
  readonly tables: readonly Table[];
  readonly forms: ExactForms;
  readonly rowKeys: RowKeys;
}

type Changes = (table: string) => TableChanges;

/**
 * A proof that both sides are equal, made while writes go on, so that under the fence only what has changed since is
 * read. Each round takes a snapshot of the source at a known position of its log, and one of the target a little
 * later. Rows that were changed between the two are left out, by their keys; the rest has to be equal. The next round
 * looks at what was changed since the one before, and takes less time than it.
 */
export class ProofAhead {
  readonly #pair: DatabasePair;
  readonly #names: ReplicationNames;
  #proven: Proven | null = null;
  #round = 0;

  constructor(pair: DatabasePair, names: ReplicationNames) {
    this.#pair = pair;
    this.#names = names;
  }

  /** Compares until little is left for the fence. Throws `verification-mismatch`. */
  async prepare(options: CompareOptions): Promise<void> {
    if (this.#proven?.follower.isLost === true) await this.close();
    try {
      for (let round = 0, before = Number.POSITIVE_INFINITY; round < ROUNDS; round += 1) {
        await this.#compareNext(options);
        const left = await this.#countLeft(options.call.signal);
        if (left <= FEW_KEYS || left > before / 2) break;
        before = left;
      }
    } finally {
      this.#proven?.follower.keepLooking(); // Also after a failure: what its slot keeps has to be freed.
    }
  }

  /** Under the fence: compares what was changed since the last round. Throws `proof-outdated`. */
  async complete(tables: readonly Table[], options: CompareOptions): Promise<TablesCompared> {
    const proven = this.#proven;
    if (proven === null) throw new Error("nothing was compared before the fence");
    await proven.follower.look(options.call.signal);
    const changes = sinceThen(proven, tables);
    const scopes = scopesOf(tables, proven, changes);
    const { call, jobs } = options;
    const compared = await withManySides(this.#pair, { count: jobs, signal: call.signal }, (lanes) =>
      compareScopes(lanes, { ...proven.facts, scopes, call }),
    );
    const rows = countRows(tables, { before: proven.rows, counted: compared.rows, changes });
    return {
      rows: [...rows.values()].reduce((sum, count) => sum + count, 0),
      hashed: tables.length - compared.different.length,
      different: compared.different,
    };
  }

  /** Whether there is a proof that `complete` can go on from. */
  get hasCompared(): boolean {
    return this.#proven !== null;
  }

  async close(): Promise<void> {
    const follower = this.#proven?.follower;
    this.#proven = null;
    await follower?.close();
  }

  async #compareNext({ call, jobs }: CompareOptions): Promise<void> {
    const facts = await this.#readFacts(call);
    const before = this.#proven;
    this.#round += 1;
    await before?.follower.rest();
    call.report({ label: "waiting for transactions that are open on the old database" });
    const follower = await this.#follow(facts, call);
    try {
      const { snapshot, position } = follower.start;
      const options = { snapshot, slot: this.#names.name, jobs, signal: call.signal };
      this.#proven = await atMoment(this.#pair, options, async (lanes) => {
        await before?.follower.look(call.signal, position);
        await follower.look(call.signal);
        const moment = { lanes, facts, call, between: follower.changed.snapshot() };
        follower.keepLooking(); // Comparing may take hours, for which the slot would keep the source's log.
        return { facts, follower, ...(await compareRound(moment, before)) };
      });
    } catch (error) {
      await follower.close();
      throw error;
    }
    await before?.follower.close();
  }

  #readFacts({ signal }: EngineCall): Promise<Facts> {
    const { server, database } = this.#pair.source;
    return withSession(asAdmin(server, database), { name: "godwit verify", signal }, async (source) => ({
      tables: await readTables(source),
      forms: await readExactForms(source),
      rowKeys: await readRowKeys(source),
    }));
  }

  #follow({ rowKeys }: Facts, { signal }: EngineCall): Promise<Follower> {
    const { name, holder } = this.#names;
    const slot = `${proofSlots(name)}${this.#round % 2}`;
    return Follower.open(
      { source: this.#pair.source, slot, publication: name, holder, keys: rowKeys },
      signal,
    );
  }

  /** Rows and tables that would have to be read under the fence; a table counts as very many rows. */
  async #countLeft(signal: AbortSignal): Promise<number> {
    if (this.#proven === null) return 0;
    const { facts, follower, open } = this.#proven;
    await follower.look(signal);
    const whole = facts.tables.filter(({ sql }) => open.has(sql) || follower.changed.get(sql).isWhole);
    return follower.changed.count + whole.reduce((sum, { bytes }) => sum + bytes / BYTES_PER_ROW, 0);
  }
}

/** What a row weighs when a whole table has to be read again. */
const BYTES_PER_ROW = 200;

interface Moment {
  readonly lanes: readonly Sides[];
  readonly facts: Facts;
  readonly call: EngineCall;
  /** What was changed since the source's snapshot, at least up to the target's. */
  readonly between: Changes;
}

async function compareRound(
  { lanes, facts, call, between }: Moment,
  before: Proven | null,
): Promise<Pick<Proven, "rows" | "open">> {
  const since: Changes = before === null ? () => ALL : sinceThen(before, facts.tables);
  const scopes = scopesOf(facts.tables, before, since).filter(({ table }) => !between(table.sql).isWhole);
  const leftOut = (table: Table) => [...between(table.sql).keys.values()];
  const compared = await compareScopes(lanes, { ...facts, scopes, leftOut, call });
  if (compared.different.length > 0) {
    throw mismatch({
      summary: "The copy is not equal to the original, which was found before the switch",
      different: compared.different.map(({ sql }) => `table ${sql}`),
      remedy: "The old database stays in service and accepts writes. Ask support to look at what differs.",
    });
  }
  const open = facts.tables.filter(({ sql }) => between(sql).isWhole).map(({ sql }) => sql);
  const rows = countRows(facts.tables, { before: before?.rows, counted: compared.rows, changes: since });
  return { rows, open: new Set(open) };
}

/** What the stream tells, and all of a table that is no longer the one that was compared: a rewrite is not in it. */
function sinceThen({ facts, follower }: Proven, tables: readonly Table[]): Changes {
  const [then, now] = [incarnationsOf(facts.tables), incarnationsOf(tables)];
  return (table) => (now.get(table) === then.get(table) ? follower.changed.get(table) : ALL);
}

function incarnationsOf(tables: readonly Table[]): ReadonlyMap<string, string> {
  return new Map(tables.map(({ sql, incarnation }) => [sql, incarnation]));
}

const ALL: TableChanges = { keys: new Map(), isWhole: true, delta: 0 };

/** What has to be compared: rows that were changed, and whole tables where that is not known. */
function scopesOf(tables: readonly Table[], proven: Pick<Proven, "open"> | null, changes: Changes): Scope[] {
  return tables.flatMap((table): Scope[] => {
    const { isWhole, keys } = changes(table.sql);
    if (isWhole || proven === null || proven.open.has(table.sql)) return [{ table, keys: null }];
    return keys.size === 0 ? [] : [{ table, keys: [...keys.values()] }];
  });
}

/** Rows of each table: counted, or those of before and what has come since. */
function countRows(
  tables: readonly Table[],
  known: {
    readonly before: ReadonlyMap<string, number> | undefined;
    readonly counted: ReadonlyMap<string, number>;
    readonly changes: Changes;
  },
): Map<string, number> {
  const { before, counted, changes } = known;
  return new Map(
    tables.map(({ sql }) => [sql, counted.get(sql) ?? (before?.get(sql) ?? 0) + changes(sql).delta]),
  );
}
