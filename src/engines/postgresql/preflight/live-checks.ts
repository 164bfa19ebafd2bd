import { isUserSchema, notOfExtension } from "../sql.ts";
import { type Check, nameCheck } from "./check.ts";

/** Slots and senders that a live migration takes: one of each. */
const NEEDED = 1;

/** A unique index identifies rows when it is complete, immediate, and without empty values. */
const IDENTIFIED = `CASE c.relreplident
  WHEN 'f' THEN true WHEN 'n' THEN false
  WHEN 'i' THEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
  ELSE EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate) END`;
const TABLES = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND ${isUserSchema("n.nspname")} AND ${notOfExtension("pg_class", "c.oid")}`;

const replicaIdentity = nameCheck({
  check: "replica-identity",
  level: "blocker",
  query: `SELECT n.nspname || '.' || c.relname AS name ${TABLES} AND NOT ${IDENTIFIED}`,
  summary: (names) => `Tables have no key by which changed rows could be found: ${names}.`,
  remedy: "Give them a primary key, or run ALTER TABLE … REPLICA IDENTITY FULL on them.",
});

const fullIdentity = nameCheck({
  check: "full-identity",
  level: "warning",
  query: `SELECT n.nspname || '.' || c.relname AS name ${TABLES} AND c.relreplident = 'f'`,
  summary: (names) => `Changed rows of these tables are found by all their values, which is slow: ${names}.`,
  remedy: "Give them a primary key if they are large and change often.",
});

/** Servers from 19 on can decode whatever `wal_level` says. Source: PostgreSQL 19, release notes. */
const WAL_LEVEL_FREE_SINCE = 190_000;

const walLevel: Check = async ({ source, sourceVersion }) => {
  const { rows } = await source.query<{ level: string }>("SELECT current_setting('wal_level') AS level");
  if (rows[0]?.level === "logical" || sourceVersion >= WAL_LEVEL_FREE_SINCE) return [];
  const summary = `The old server does not write what replication needs (wal_level is ${rows[0]?.level}).`;
  const remedy =
    "Set wal_level to logical on the old server and restart it, or copy inside the read-only window.";
  return [{ check: "wal-level", level: "blocker", summary, remedy }];
};

const slots: Check = async ({ source }) => {
  const { rows } = await source.query<{ slots: number; senders: number }>(
    `SELECT current_setting('max_replication_slots')::int - (SELECT count(*)::int FROM pg_replication_slots) AS slots,
       current_setting('max_wal_senders')::int - (SELECT count(*)::int FROM pg_stat_replication) AS senders`,
  );
  const { slots: freeSlots = 0, senders = 0 } = rows[0] ?? {};
  if (freeSlots >= NEEDED && senders >= NEEDED) return [];
  const summary = `The old server has ${Math.max(freeSlots, 0)} free replication slots and ${Math.max(senders, 0)} free senders.`;
  const remedy =
    "Raise max_replication_slots and max_wal_senders on the old server, or drop slots nobody reads.";
  return [{ check: "free-slots", level: "blocker", summary, remedy }];
};

const slotBound: Check = async ({ source }) => {
  const { rows } = await source.query<{ kept: string }>(
    "SELECT current_setting('max_slot_wal_keep_size') AS kept",
  );
  if (rows[0]?.kept !== "-1") return [];
  const summary = "The old server keeps changes for replication without a bound; Godwit watches its disk.";
  const remedy = "Set max_slot_wal_keep_size on the old server to bound it there too.";
  return [{ check: "slot-bound", level: "info", summary, remedy }];
};

/** Checks of what only a live migration needs. */
export const liveChecks: readonly Check[] = [replicaIdentity, fullIdentity, walLevel, slots, slotBound];
