import { connect, createServer, type Server, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { querySql } from "../../support/test-database.ts";
import { adminUrl } from "./database-urls.ts";
import { expectRow, findingsOf, OR_COPY, sharedServer } from "./live-findings.ts";
import { aDatabase, anEngine } from "./make-subject.ts";

const signal = new AbortController().signal;
const engine = anEngine();

/** A way to a server that Godwit's first session alone may take. */
async function aNarrowWay(
  url: string,
  others: "are refused" | "wait",
): Promise<{ url: string; port: number; close(): void }> {
  const open: Socket[] = [];
  const { hostname, port } = new URL(url);
  const server: Server = createServer((socket) => {
    open.push(socket.on("error", () => undefined));
    if (open.length > 1) return;
    const onward = connect(Number(port), hostname).on("error", () => undefined);
    socket.pipe(onward).pipe(socket);
    if (others === "are refused") server.close();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  const way = new URL(url);
  way.host = `127.0.0.1:${own}`;
  return {
    url: way.href,
    port: own,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

describe("the way from the new server to the old one", () => {
  it.each([
    [15, "are refused", 10_000],
    [18, "are refused", 10_000],
    [15, "wait", 300],
    [18, "wait", 300],
  ] as const)("is missed by PostgreSQL %s when its connections %s", async (major, others, reachMs) => {
    const source = await aDatabase(15);
    const way = await aNarrowWay(source.server.adminUrl.reveal(), others);
    const server = { id: "old", adminUrl: new Secret(way.url) };
    const found = await findingsOf({ ...source, server }, await sharedServer(major), { reachMs });
    way.close();
    expectRow(found, [
      "replication-unreachable",
      "blocker",
      `Server pg${major} cannot connect to server old at 127.0.0.1, port ${way.port}, to read its changes.`,
      `Let the new server reach the old one (address, firewall), ${OR_COPY}`,
    ]);
    await engine.drop(source, signal);
  });

  it("is tried without a password and without leaving anything", async () => {
    const source = await aDatabase(15);
    const target = await sharedServer(18);
    const found = await findingsOf(source, target);
    expect(Object.keys(found)).toEqual(["slot-bound", "wal-disk"]);
    const left = `SELECT subname AS name FROM pg_subscription WHERE subname LIKE 'godwit_try%'
      UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'godwit_try%'`;
    expect(await querySql(target.adminUrl.reveal(), left)).toEqual([]);
    expect(await querySql(adminUrl(source), left)).toEqual([]);
    await engine.drop(source, signal);
  });
});
