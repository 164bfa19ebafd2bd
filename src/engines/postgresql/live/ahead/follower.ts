import type { Socket } from "node:net";
import type pg from "pg";
import { GodwitError } from "../../../../core/failure.ts";
import type { DatabaseAccess } from "../../../../core/ports/engine.ts";
import { describeError } from "../../errors.ts";
import { asAdmin, closeSession, openPlainSession, withSession } from "../../session.ts";
import { qualified, quoteName, quoteText } from "../../sql.ts";
import type { RowKeys } from "../../verify/keyed-content.ts";
import { createSlot, dropSlot, type NewSlot, NO_TIMEOUTS } from "../slot.ts";
import { ChangedRows } from "./changed-rows.ts";
import { ChangeReader } from "./read-changes.ts";

/** Bytes of a change that are looked at: keys stand at the front of nearly every table. */
const BYTES_SEEN = 16_384;
/** Descriptions of tables and truncations are needed to their end. */
const WHOLE = ["R", "T"].map((letter) => letter.charCodeAt(0)).join(", ");
const ROWS_PER_FETCH = 500;
/** Keys are printed as the sessions that look them up read them, whatever the database's own settings say. */
const PRINTING = `SET search_path = ''; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';
  SET extra_float_digits = 3; SET bytea_output = 'hex'; SET lc_monetary = 'C'; SET tcp_keepalives_idle = 10;
  SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 6`;
/** The server reads its log again from some way back at every look, so that looks take time themselves. */
const LOOK_MS = 1_000;
const LOOK_SHARE = 10;

/** What to follow. */
export interface FollowOptions {
  readonly source: DatabaseAccess;
  /** Name of the slot, which lives as long as its session. */
  readonly slot: string;
  readonly publication: string;
  /** Shown in pg_stat_activity. */
  readonly holder: string;
  readonly keys: RowKeys;
}

/**
 * Knows which rows of the source have been changed since one moment. It reads the source's log through a
 * temporary slot of its own, which goes with its session; a session that is lost makes it useless.
 */
export class Follower {
  readonly changed = new ChangedRows();
  readonly start: NewSlot;
  readonly #client: pg.Client;
  readonly #options: FollowOptions;
  readonly #reader: ChangeReader;
  #timer: NodeJS.Timeout | undefined;
  #isResting = true;
  #looking: Promise<void> = Promise.resolve();
  #error: unknown = null;

  private constructor(client: pg.Client, start: NewSlot, options: FollowOptions) {
    this.#client = client;
    this.start = start;
    this.#options = options;
    this.#reader = new ChangeReader(
      ({ schema, name }) => options.keys.get(qualified(schema, name))?.map((column) => column.name) ?? null,
    );
    client.once("end", () => (this.#error ??= new Error("the session was ended")));
  }

  /** Begins to follow. The snapshot of `start` can be taken up until the first look. */
  static async open(options: FollowOptions, signal: AbortSignal): Promise<Follower> {
    const { source, holder: name } = options;
    const login = asAdmin(source.server, source.database);
    const opening = new AbortController();
    const stop = (): void => opening.abort(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const session = { name, signal: opening.signal, options: NO_TIMEOUTS, replicates: true };
      await dropEarlier(source, options.slot, opening.signal);
      const client = await openPlainSession(login, session);
      try {
        await client.query(PRINTING);
        return new Follower(client, await createSlot(client, options.slot, "TEMPORARY"), options);
      } catch (error) {
        await closeSession(client);
        throw error;
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /**
   * Learns of everything that is committed now, or, with a position, exactly up to there. An abort ends the session.
   * Throws `proof-outdated` (transient) when the session is lost.
   */
  async look(signal: AbortSignal, upTo: string | null = null): Promise<void> {
    const giveUp = (): void => void this.#client.connection.stream.destroy();
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    const looking = this.#looking.then(() => this.#lookNow(upTo));
    this.#looking = looking.catch(() => undefined);
    await looking.finally(() => signal.removeEventListener("abort", giveUp));
  }

  /** Looks now and then, so that a look at the end is short and the source's log is freed. */
  keepLooking(): void {
    if (!this.#isResting || this.#error !== null) return;
    (this.#client.connection.stream as Socket).unref(); // Whoever only looks now and then keeps no process alive.
    this.#isResting = false;
    this.#lookIn(LOOK_MS);
  }

  /** Ends `keepLooking`; a look that is under way is waited for. */
  async rest(): Promise<void> {
    this.#isResting = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Whether it can still tell what was changed. */
  get isLost(): boolean {
    return this.#error !== null;
  }

  /** Ends the session, and the slot with it. */
  async close(): Promise<void> {
    this.#error ??= new Error("it was closed");
    this.#isResting = true;
    clearTimeout(this.#timer);
    await closeSession(this.#client);
  }

  #lookIn(milliseconds: number): void {
    if (this.#isResting) return;
    this.#timer = setTimeout(() => {
      const startedAt = performance.now();
      void this.look(new AbortController().signal).then(
        () => this.#lookIn(Math.max(LOOK_MS, (performance.now() - startedAt) * LOOK_SHARE)),
        () => undefined,
      );
    }, milliseconds).unref();
  }

  async #lookNow(upTo: string | null): Promise<void> {
    if (this.#error !== null) throw outdated(this.#error);
    try {
      await this.#client.query("BEGIN");
      await this.#client.query(`DECLARE changes NO SCROLL CURSOR FOR ${this.#changesQuery(upTo)}`);
      while ((await this.#fetch()) === ROWS_PER_FETCH);
      await this.#client.query("COMMIT");
    } catch (error) {
      this.#error ??= error;
      throw outdated(error);
    }
  }

  #changesQuery(upTo: string | null): string {
    const { slot, publication } = this.#options;
    const names = quoteText(quoteName(publication));
    return `SELECT CASE WHEN pg_catalog.get_byte(data, 0) IN (${WHOLE}) THEN data
      ELSE pg_catalog.substr(data, 1, ${BYTES_SEEN}) END AS data FROM pg_catalog.pg_logical_slot_get_binary_changes(
      ${quoteText(slot)}, ${upTo === null ? "NULL" : quoteText(upTo)}, NULL, 'proto_version', '1', 'publication_names', ${names})`;
  }

  async #fetch(): Promise<number> {
    const { rows } = await this.#client.query<{ data: Buffer }>(`FETCH ${ROWS_PER_FETCH} FROM changes`);
    for (const { data } of rows) {
      const change = this.#reader.read(data);
      if (change !== null) this.changed.add(change);
    }
    return rows.length;
  }
}

/** Ends a session that still holds the name, such as that of a worker whose host is gone. */
function dropEarlier({ server, database }: DatabaseAccess, slot: string, signal: AbortSignal): Promise<void> {
  return withSession(asAdmin(server, database), { name: "godwit verify", signal }, (admin) =>
    dropSlot(admin, { name: slot, holder: slot }),
  );
}

function outdated(cause: unknown): GodwitError {
  return new GodwitError({
    code: "proof-outdated",
    class: "transient",
    summary: "Godwit lost sight of what changes in the old database, so its comparison is out of date.",
    remedy: "Godwit compares again by itself before the next switch.",
    cause: new Error(describeError(cause)),
  });
}
