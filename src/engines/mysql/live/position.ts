import { compareVersions } from "../../../core/version.ts";
import { splitVersion } from "../flavour.ts";
import type { Session } from "../session.ts";

/** A place in a server's binary log. */
export interface Position {
  readonly file: string;
  readonly offset: number;
}

interface LogStatus {
  readonly File: string;
  readonly Position: number | string;
  readonly Binlog_Do_DB: string;
  readonly Binlog_Ignore_DB: string;
}

/** What a server says of its binary log; null where it writes none. */
export async function readLogStatus(source: Session): Promise<LogStatus | null> {
  const { flavour, versionText } = source;
  const isNew = flavour.product === "MySQL" && compareVersions(splitVersion(versionText).full, "8.2.0") >= 0;
  const [status] = await source.rows<LogStatus>(isNew ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS");
  return status ?? null;
}

/** The end of the binary log. */
export async function readEnd(source: Session): Promise<Position> {
  const status = await readLogStatus(source);
  return { file: status?.File ?? "", offset: Number(status?.Position ?? 0) };
}

const numberOf = ({ file }: Position): number => Number(/\.(\d+)$/.exec(file)?.[1] ?? 0);

/** Whether the first place lies behind the second, or is the same. */
export function hasReached(place: Position, goal: Position): boolean {
  const files = numberOf(place) - numberOf(goal);
  return files > 0 || (files === 0 && place.offset >= goal.offset);
}

/** Bytes of the source's log behind a place; null when the source no longer has the log from there. */
export async function bytesBehind(source: Session, place: Position): Promise<number | null> {
  const logs = await source.rows<{ Log_name: string; File_size: number | string }>("SHOW BINARY LOGS");
  const first = logs.findIndex(({ Log_name: name }) => name === place.file);
  if (first === -1) return null;
  const bytes = logs.slice(first).reduce((sum, { File_size: size }) => sum + Number(size), 0);
  return Math.max(bytes - place.offset, 0);
}
