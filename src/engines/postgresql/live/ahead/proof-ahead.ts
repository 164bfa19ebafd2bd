import { GodwitError } from "../../../../core/failure.ts";
import type { DatabasePair, EngineCall } from "../../../../core/ports/engine.ts";
import { asAdmin, withSession } from "../../session.ts";
import { readTables, type Table } from "../../tables.ts";
import { compareScopes, type Lane, type Scope, type ScopesCompared } from "../../verify/compare-scopes.ts";
import { type CompareOptions, type TablesCompared, withLanes } from "../../verify/compare-tables.ts";
import { type ExactForms, readExactForms } from "../../verify/exact-forms.ts";
import { type RowKeys, readRowKeys } from "../../verify/keyed-content.ts";
import { proofSlots, type ReplicationNames } from "../names.ts";
import type { TableChanges } from "./changed-rows.ts";
import { Follower } from "./follower.ts";
import { atMoment } from "./moment.ts";

/** Changed rows that are compared under the fence without another round before it. */
const FEW_KEYS = 1_000;
/** A database that changes faster than it is compared is not caught up with. */
const ROUNDS = 5;
const NAMES_SHOWN = 8;

/** What is known of the tables since the last round. */
interface Proven {
  readonly follower: Follower;
  /** Rows of each table at the follower's start. */
  readonly rows: ReadonlyMap<string, number>;
  /** Tables of which more changed while they were compared than can be told apart. */
  readonly open: ReadonlySet<string>;
  /** The tables as they were before the follower's start, by their quoted names. */
  readonly incarnations: ReadonlyMap<string, string>;
}

/** What does not change from round to round. */
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
  #facts: Facts | null = null;
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
    const [proven, facts] = [this.#proven, this.#facts];
    if (proven === null || facts === null) throw new Error("nothing was compared before the fence");
    await proven.follower.look(options.call.signal);
    const changes = sinceThen(proven, tables);
    const scopes = scopesOf(tables, proven, changes);
    const compared = await withLanes(this.#pair, options, (lanes) =>
      compareScopes(lanes, { ...facts, scopes, call: options.call }),
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
        return { follower, ...(await compareRound(moment, before)) };
      });
    } catch (error) {
      await follower.close();
      throw error;
    }
    await before?.follower.close();
  }

  async #readFacts(call: EngineCall): Promise<Facts> {
    const { server, database } = this.#pair.source;
    this.#facts = await withSession(
      asAdmin(server, database),
      { name: "godwit verify", signal: call.signal },
      async (source) => ({
        tables: await readTables(source),
        forms: await readExactForms(source),
        rowKeys: await readRowKeys(source),
      }),
    );
    return this.#facts;
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
    const [proven, facts] = [this.#proven, this.#facts];
    if (proven === null || facts === null) return 0;
    await proven.follower.look(signal);
    const whole = facts.tables.filter(
      ({ sql }) => proven.open.has(sql) || proven.follower.changed.get(sql).isWhole,
    );
    return proven.follower.changed.count + whole.reduce((sum, { bytes }) => sum + bytes / BYTES_PER_ROW, 0);
  }
}

/** What a row weighs when a whole table has to be read again. */
const BYTES_PER_ROW = 200;

interface Moment {
  readonly lanes: readonly Lane[];
  readonly facts: Facts;
  readonly call: EngineCall;
  /** What was changed since the source's snapshot, at least up to the target's. */
  readonly between: Changes;
}

async function compareRound(
  { lanes, facts, call, between }: Moment,
  before: Proven | null,
): Promise<Omit<Proven, "follower">> {
  const since: Changes = before === null ? () => ALL : sinceThen(before, facts.tables);
  const scopes = scopesOf(facts.tables, before, since).filter(({ table }) => !between(table.sql).isWhole);
  const leftOut = (table: Table) => [...between(table.sql).keys.values()];
  const compared = await compareScopes(lanes, { ...facts, scopes, leftOut, call });
  if (compared.different.length > 0) throw mismatch(compared);
  const open = facts.tables.filter(({ sql }) => between(sql).isWhole).map(({ sql }) => sql);
  const rows = countRows(facts.tables, { before: before?.rows, counted: compared.rows, changes: since });
  const incarnations = new Map(facts.tables.map(({ sql, incarnation }) => [sql, incarnation]));
  return { rows, open: new Set(open), incarnations };
}

/** What the stream tells, and all of a table that is no longer the one that was compared: a rewrite is not in it. */
function sinceThen({ follower, incarnations }: Proven, tables: readonly Table[]): Changes {
  const now = new Map(tables.map(({ sql, incarnation }) => [sql, incarnation]));
  return (table) => (now.get(table) === incarnations.get(table) ? follower.changed.get(table) : ALL);
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

function mismatch({ different }: ScopesCompared): GodwitError {
  const shown = different.slice(0, NAMES_SHOWN).map(({ sql }) => `table ${sql}`);
  const more = different.length > NAMES_SHOWN ? ` and ${different.length - NAMES_SHOWN} more` : "";
  return new GodwitError({
    code: "verification-mismatch",
    class: "permanent",
    summary: `The copy is not equal to the original, which was found before the switch: ${shown.join(", ")}${more}.`,
    remedy: "The old database stays in service and accepts writes. Ask support to look at what differs.",
  });
}
