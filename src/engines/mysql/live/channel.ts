import type { Session } from "../session.ts";
import { type Followed, type Renamed, textsFor } from "./channel-texts.ts";
import type { Position } from "./position.ts";

/** How a channel stands. */
export interface ChannelStatus {
  readonly name: string;
  /** Whom it logs in as, on the source. */
  readonly user: string;
  /** Tells the source from other servers; MariaDB has numbers only. */
  readonly sourceId: string;
  /** Whether it is connected to the source, and whether it applies what it has. */
  readonly isReceiving: boolean;
  readonly isApplying: boolean;
  /** Whether it was told to stand still. */
  readonly isStopped: boolean;
  /** Up to where it has applied the source's log. */
  readonly applied: Position;
  /** Log of the source that it keeps on the target's disk. */
  readonly keptBytes: number;
  /** How far the applied changes lie back; null when it does not know. */
  readonly behindSeconds: number | null;
  /** Errors of the servers, 0 for none. */
  readonly receiveError: number;
  readonly applyError: number;
  /** The only database that it takes; empty when filters were forgotten. */
  readonly takes: string;
}

type Row = Readonly<Record<string, string | number | null>>;

/** Both products' columns under one name: MariaDB says master and slave. */
function toStatus(raw: Row): ChannelStatus {
  const row = new Map(
    Object.entries(raw).map(([name, value]) => [
      name.replaceAll("Master", "Source").replaceAll("Slave", "Replica"),
      value,
    ]),
  );
  const text = (name: string): string => String(row.get(name) ?? "");
  const behind = row.get("Seconds_Behind_Source") ?? null;
  return {
    name: text("Channel_Name") || text("Connection_name"),
    user: text("Source_User"),
    sourceId: text("Source_UUID") || text("Source_Server_Id"),
    isReceiving: text("Replica_IO_Running") === "Yes",
    isApplying: text("Replica_SQL_Running") === "Yes",
    isStopped: text("Replica_IO_Running") === "No" && text("Replica_SQL_Running") === "No",
    applied: { file: text("Relay_Source_Log_File"), offset: Number(text("Exec_Source_Log_Pos")) },
    keptBytes: Number(text("Relay_Log_Space")),
    behindSeconds: behind === null ? null : Number(behind),
    receiveError: Number(text("Last_IO_Errno")),
    applyError: Number(text("Last_SQL_Errno")),
    takes: text("Replicate_Do_DB"),
  };
}

/** All channels of a server, also other people's. */
export async function readChannels(target: Session): Promise<ChannelStatus[]> {
  return (await target.rows<Row>(textsFor(target.flavour).list)).map(toStatus);
}

/** A channel by its name; null when there is none. */
export async function readChannel(target: Session, name: string): Promise<ChannelStatus | null> {
  return (await readChannels(target)).find((channel) => channel.name === name) ?? null;
}

/** Makes a channel, which stands still. */
export async function makeChannel(target: Session, name: string, followed: Followed): Promise<void> {
  await target.run(textsFor(target.flavour).follow(name, followed));
}

/** Only connects to the source, and applies nothing. */
export async function connectChannel(target: Session, name: string): Promise<void> {
  await target.run(textsFor(target.flavour).start(name, "IO_THREAD"));
}

/** Lets a channel that stands still take its database, and nothing else. */
export async function startChannel(target: Session, name: string, names: Renamed): Promise<void> {
  const texts = textsFor(target.flavour);
  for (const statement of texts.filter(name, names)) await target.run(statement);
  await target.run(texts.start(name, ""));
}

export async function stopChannel(target: Session, name: string): Promise<void> {
  await target.run(textsFor(target.flavour).stop(name));
}

/** Takes a channel away where there is one; what it has applied stays. */
export async function removeChannel(target: Session, name: string): Promise<void> {
  if ((await readChannel(target, name)) === null) return;
  const texts = textsFor(target.flavour);
  await target.run(texts.stop(name));
  for (const statement of texts.unfilter(name)) await target.run(statement);
  await target.run(texts.remove(name));
}
