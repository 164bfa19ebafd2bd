import { randomBytes } from "node:crypto";
import type { PostgresPackage } from "../../src/store/embedded/postgres-binaries.ts";
import {
  type EmbeddedPostgres,
  FAST_UNSAFE_SETTINGS,
  startEmbeddedPostgres,
} from "../../src/store/embedded/start-embedded-postgres.ts";

/** PostgreSQL's major versions that npm has installed for the playground and the tests. */
export type FleetMajor = 14 | 15 | 16 | 17 | 18;

/** One server of the sample fleet. */
export interface FleetServer extends EmbeddedPostgres {
  /** As in godwit.yaml, such as pg15. */
  readonly id: string;
  readonly major: FleetMajor;
}

/** Servers that end with this process. */
export interface Fleet {
  readonly servers: readonly FleetServer[];
  /** The server of a major version; throws if the fleet has none. */
  server(major: FleetMajor): FleetServer;
  /** Stops the servers and removes all that they wrote. */
  stop(): Promise<void>;
}

/** Which servers to start. */
export interface FleetOptions {
  readonly majors: readonly FleetMajor[];
  /** Settings for each server, on top of the fleet's own. */
  readonly settings?: Readonly<Record<string, string>>;
}

const PACKAGES: Readonly<Record<FleetMajor, PostgresPackage>> = {
  14: "embedded-postgres-14",
  15: "embedded-postgres-15",
  16: "embedded-postgres-16",
  17: "embedded-postgres-17",
  18: "embedded-postgres",
};

/** Logical decoding for live migrations, and memory that three servers side by side leave to the machine. */
export const FLEET_SETTINGS = {
  ...FAST_UNSAFE_SETTINGS,
  wal_level: "logical",
  max_connections: "100",
  shared_buffers: "128MB",
  max_wal_size: "2GB",
} as const;

/** Starts the sample fleet's servers side by side; if one does not start, none stays. */
export async function startFleet({ majors, settings = {} }: FleetOptions): Promise<Fleet> {
  const results = await Promise.allSettled(majors.map((major) => startServer(major, settings)));
  const servers = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const stop = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.stop())));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { servers, stop, server: (major) => pick(servers, major) };
}

async function startServer(
  major: FleetMajor,
  settings: Readonly<Record<string, string>>,
): Promise<FleetServer> {
  const server = await startEmbeddedPostgres({
    binaries: PACKAGES[major],
    settings: { ...FLEET_SETTINGS, ...settings },
    superuserPassword: randomBytes(12).toString("hex"),
  });
  return Object.assign(server, { id: `pg${major}`, major });
}

function pick(servers: readonly FleetServer[], major: FleetMajor): FleetServer {
  const server = servers.find((candidate) => candidate.major === major);
  if (server === undefined) throw new RangeError(`the fleet has no PostgreSQL ${major}`);
  return server;
}
