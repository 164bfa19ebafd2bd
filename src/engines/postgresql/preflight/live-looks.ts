import type { FindingLevel } from "../../../core/preflight.ts";
import type { NameCheck } from "./check.ts";
import { tableLooks } from "./live-table-looks.ts";

/**
 * What a live migration takes of the source. Slots: one is kept while the copy follows, and two are temporary,
 * while each round of the comparison before the switch takes over from the one before. Senders: one for each of them,
 * and one for the target that connects again before the server has noticed that its old session is dead.
 */
export const NEEDED = { slots: 3, senders: 4 } as const;

/** A sender is a `walsender`; servers from 19 on decode at `replica` too. Source: PostgreSQL 19, release notes. */
const WAL_LEVEL_FREE_SINCE = 190_000;

/** Before, `max_replication_slots` bounded the origins too. Source: PostgreSQL 18, release notes. */
const ORIGINS_SETTING_SINCE = 180_000;

/** Processes of the server's own, and parallel workers, which a query does without where there is none. */
const NOT_OF_THE_POOL = `{client backend,walsender,walreceiver,startup,checkpointer,background writer,walwriter,archiver,
  walsummarizer,io worker,autovacuum launcher,autovacuum worker,logger,slotsync worker,standalone backend,parallel worker}`;

/**
 * One look at what replicating a database needs: a query that returns a column `name` for each thing in the way.
 * Blockers keep the database from being replicated, wherever the look is taken; the rest is told in preflight.
 */
export interface Look extends NameCheck {
  readonly level: FindingLevel;
  /** The source's server, the source's tables, or the target's server. */
  readonly about: "server" | "tables" | "target";
  readonly remedy: string;
}

/** A value instead of a name, as it stands in a sentence. */
const plain = (said: string): string => said.replaceAll(/[“”]/g, "");

const OR_COPY = "or choose to copy while read-only.";

const serverLooks: readonly Look[] = [
  {
    check: "wal-level",
    level: "blocker",
    about: "server",
    query: `SELECT setting AS name FROM pg_settings WHERE name = 'wal_level' AND setting <> 'logical'
      AND NOT (setting = 'replica' AND current_setting('server_version_num')::int >= ${WAL_LEVEL_FREE_SINCE})`,
    summary: (level) =>
      `The old server runs with wal_level = ${plain(level)}, which does not allow replication.`,
    remedy: `Set wal_level = logical on the old server and restart it, ${OR_COPY}`,
  },
  {
    check: "free-slots",
    level: "blocker",
    about: "server",
    query: `SELECT greatest(free, 0)::text AS name FROM (SELECT current_setting('max_replication_slots')::int
      - (SELECT count(*)::int FROM pg_replication_slots) AS free) s WHERE free < ${NEEDED.slots}`,
    summary: (free) =>
      `A replication needs ${NEEDED.slots} free replication slots, and the old server has ${plain(free)}.`,
    remedy: "Drop slots that nobody reads, or raise max_replication_slots on the old server and restart it.",
  },
  {
    check: "free-senders",
    level: "blocker",
    about: "server",
    query: `SELECT greatest(free, 0)::text AS name FROM (SELECT current_setting('max_wal_senders')::int
      - (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'walsender') AS free) s
      WHERE free < ${NEEDED.senders}`,
    summary: (free) =>
      `A replication needs ${NEEDED.senders} free senders of changes, and the old server has ${plain(free)}.`,
    remedy: "Raise max_wal_senders on the old server and restart it.",
  },
  {
    check: "replication-right",
    level: "blocker",
    about: "server",
    query: "SELECT rolname AS name FROM pg_roles WHERE rolname = current_user AND NOT rolsuper",
    summary: (role) => `Godwit's administrator on the old server, ${role}, may not set up a replication.`,
    remedy: `Give Godwit a superuser on the old server, ${OR_COPY}`,
  },
  {
    check: "slot-bound",
    level: "info",
    about: "server",
    query: `SELECT CASE setting WHEN '-1' THEN 'unbounded' ELSE pg_size_pretty(pg_size_bytes(setting || unit)) END AS name
      FROM pg_settings WHERE name = 'max_slot_wal_keep_size'`,
    summary: (bound) =>
      plain(bound) === "unbounded"
        ? "The old server keeps changes for replication without a bound; Godwit watches how many they are."
        : `The old server drops changes that were not replicated once they take ${plain(bound)}; the replication then starts anew.`,
    remedy:
      "Set max_slot_wal_keep_size on the old server to what its disk can spare and the copy may take to finish.",
  },
  {
    check: "wal-disk",
    level: "info",
    about: "server",
    since: 14,
    query: `SELECT format('%s; %s', pg_size_pretty((SELECT sum(size) FROM pg_ls_waldir())), pg_size_pretty(round(wal_bytes * 3600
      / greatest(extract(epoch FROM now() - coalesce(stats_reset, pg_postmaster_start_time())), 3600)))) AS name FROM pg_stat_wal`,
    summary: (sizes) => {
      const [held, hourly] = plain(sizes).split("; ");
      return `The old server's log takes ${held} of its disk, and about ${hourly} are written to it in an hour; replication keeps what the new server has not read.`;
    },
    remedy: "Check that the old server's disk holds what is written to the log while the database is copied.",
  },
];

/** Settings of the target that allow no more of what a replication takes. */
const full = (setting: string, used: string): string =>
  `SELECT s.name || ' is ' || s.value AS name FROM (SELECT ${setting} AS name, current_setting(${setting})::int AS value) s
    WHERE s.value <= (SELECT count(*) ${used})`;

const targetLooks: readonly Look[] = [
  {
    check: "target-workers",
    level: "blocker",
    about: "target",
    query: full("'max_logical_replication_workers'", "FROM pg_subscription WHERE subenabled"),
    summary: (setting) => `The new server has no room for another replication: ${plain(setting)}.`,
    remedy: `Raise max_logical_replication_workers on the new server and restart it, ${OR_COPY}`,
  },
  {
    check: "target-origins",
    level: "blocker",
    about: "target",
    query: full(
      `CASE WHEN current_setting('server_version_num')::int >= ${ORIGINS_SETTING_SINCE}
        THEN 'max_active_replication_origins' ELSE 'max_replication_slots' END`,
      "FROM pg_replication_origin",
    ),
    summary: (setting) => `The new server cannot note how far another replication is: ${plain(setting)}.`,
    remedy: `Raise that setting on the new server and restart it, ${OR_COPY}`,
  },
  {
    check: "target-processes",
    level: "blocker",
    about: "target",
    query: full(
      "'max_worker_processes'",
      `FROM pg_stat_activity WHERE backend_type <> ALL ('${NOT_OF_THE_POOL}'::text[])`,
    ),
    summary: (setting) => `The new server has no worker process left for a replication: ${plain(setting)}.`,
    remedy: `Raise max_worker_processes on the new server and restart it, ${OR_COPY}`,
  },
];

/** Everything that a live migration asks of both servers and of the database; a new look is one entry. */
export const liveLooks: readonly Look[] = [...serverLooks, ...tableLooks, ...targetLooks];
