import { GodwitError } from "../../../core/failure.ts";
import type { LiveObstacle } from "../../../core/ports/engine.ts";
import { listNames, readVariable } from "../preflight/check.ts";
import type { Session } from "../session.ts";
import { readChannels } from "./channel.ts";
import { readLogStatus } from "./position.ts";

const COPY_INSTEAD = "Copy while the database is read-only.";

/** Looks for one thing that keeps a database from being replicated. */
type Look = (source: Session, database: string) => Promise<LiveObstacle | null>;

async function differs(source: Session, variable: string, wanted: readonly string[]): Promise<string | null> {
  const value = await readVariable(source, variable);
  return value === null || wanted.includes(value.toUpperCase()) ? null : value;
}

const log: Look = async (source) => {
  if ((await readLogStatus(source)) !== null) return null;
  const summary = "The old server writes no binary log.";
  return { check: "binary-log", summary, remedy: "Start it with log_bin and a server_id of its own." };
};

const format: Look = async (source) => {
  const value = await differs(source, "binlog_format", ["ROW"]);
  if (value === null) return null;
  const summary = `The old server's binary log has statements instead of rows (binlog_format is ${value}).`;
  return {
    check: "binlog-format",
    summary,
    remedy: "Set binlog_format = ROW there, and let its applications connect anew.",
  };
};

const image: Look = async (source) => {
  const value = await differs(source, "binlog_row_image", ["FULL", "FULL_NODUP"]);
  if (value === null) return null;
  const summary = `The old server's binary log has only parts of changed rows (binlog_row_image is ${value}).`;
  return {
    check: "binlog-row-image",
    summary,
    remedy: "Set binlog_row_image = FULL there, and let its applications connect anew.",
  };
};

const filtered: Look = async (source) => {
  const status = await readLogStatus(source);
  if (status === null || (status.Binlog_Do_DB === "" && status.Binlog_Ignore_DB === "")) return null;
  const summary = "The old server leaves databases out of its binary log (binlog_do_db or binlog_ignore_db).";
  return { check: "binlog-filter", summary, remedy: "Start it without these settings." };
};

/** A replica's own log has what it applies only when it is told so. */
const replica: Look = async (source) => {
  if ((await readChannels(source)).length === 0) return null;
  const summary = "The old server is itself a replica, and follows another one.";
  return { check: "source-is-replica", summary, remedy: "Name its primary server in godwit.yaml." };
};

const BASE_TABLES = "TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')";

const engines: Look = async (source, database) => {
  const rows = await source.rows<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
     WHERE ${BASE_TABLES} AND ENGINE <> 'InnoDB' ORDER BY TABLE_NAME`,
    [database],
  );
  if (rows.length === 0) return null;
  const summary = `No snapshot can be taken of these tables, which are not InnoDB's: ${listNames(rows.map(({ name }) => name))}.`;
  return { check: "storage-engine", summary, remedy: `Change their ENGINE to InnoDB, or: ${COPY_INSTEAD}` };
};

const keys: Look = async (source, database) => {
  const rows = await source.rows<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES t WHERE ${BASE_TABLES} AND NOT EXISTS
       (SELECT 1 FROM information_schema.STATISTICS s
        WHERE s.TABLE_SCHEMA = t.TABLE_SCHEMA AND s.TABLE_NAME = t.TABLE_NAME AND s.INDEX_NAME = 'PRIMARY')
     ORDER BY TABLE_NAME`,
    [database],
  );
  if (rows.length === 0) return null;
  const summary = `These tables have no primary key, by which changed rows are found: ${listNames(rows.map(({ name }) => name))}.`;
  return { check: "primary-key", summary, remedy: `Give them one, or: ${COPY_INSTEAD}` };
};

const LOOKS: readonly Look[] = [log, format, image, filtered, replica, engines, keys];

/** Everything about a database and its server that keeps it from being replicated. */
export async function readObstacles(source: Session, database: string): Promise<LiveObstacle[]> {
  const found: LiveObstacle[] = [];
  for (const look of LOOKS) {
    const obstacle = await look(source, database);
    if (obstacle !== null) found.push(obstacle);
  }
  return found;
}

/** Throws `replication-obstacle` when there is one. */
export function refuse(found: readonly LiveObstacle[]): void {
  const [first] = found;
  if (first === undefined) return;
  throw new GodwitError({
    code: "replication-obstacle",
    summary: found.map(({ summary }) => summary).join(" "),
    remedy: first.remedy,
  });
}
