import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy, type Toxics } from "../../playground/faults/fault-proxy.ts";
import { until } from "../support/until.ts";

let echo: Server;
let proxy: FaultProxy;

beforeEach(async () => {
  echo = createServer(
    { allowHalfOpen: true },
    (socket) => void socket.on("error", () => undefined).pipe(socket),
  );
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  proxy = await startFaultProxy({ host: "127.0.0.1", port: (echo.address() as AddressInfo).port });
});

afterEach(async () => {
  await proxy.close();
  echo.close();
});

/** Says something and reads until the other side has ended; how long that took, or what went wrong. */
async function say(words: string): Promise<{ heard: string; ms: number }> {
  const started = performance.now();
  const socket = connect(proxy.port, "127.0.0.1");
  await once(socket, "connect");
  socket.end(words);
  const heard = await text(socket).catch((error: NodeJS.ErrnoException) => error.code ?? "failed");
  return { heard, ms: performance.now() - started };
}

it("carries both ways what nothing is wrong with, and forgets connections that ended", async () => {
  expect((await say("hello")).heard).toBe("hello");
  await until(() => proxy.connections() === 0, { what: "the connection to end" });
  expect(proxy.through("postgresql://u:p@db.example:5432/x")).toBe(
    `postgresql://u:p@127.0.0.1:${proxy.port}/x`,
  );
});

const SLOW: readonly (readonly [string, Toxics, number])[] = [
  ["latency, both ways", { latency: { latencyMs: 60 } }, 110],
  ["bandwidth", { bandwidth: { rateKb: 100 } }, 180],
  ["slow_close", { slowClose: { delayMs: 80 } }, 150],
  ["slicer", { slicer: { averageSize: 2_000, delayMs: 20 } }, 90],
];

it.each(SLOW)("%s takes its time and loses nothing", async (_, toxics, leastMs) => {
  proxy.poison(toxics);
  const { heard, ms } = await say("x".repeat(10_000));

  expect(heard).toHaveLength(10_000);
  expect(ms).toBeGreaterThan(leastMs);
});

it("timeout lets nothing through, and then ends the connection", async () => {
  proxy.poison({ timeout: { timeoutMs: 100 } });
  const { heard, ms } = await say("hello");

  expect(heard).not.toBe("hello");
  expect(ms).toBeGreaterThan(90);
});

it("a black hole that heals lets through what was sent into it", async () => {
  proxy.poison({ timeout: { timeoutMs: 0 } });
  const said = say("hello");
  setTimeout(() => proxy.poison({}), 100);

  expect((await said).heard).toBe("hello");
});

it("reset_peer resets", async () => {
  proxy.poison({ resetPeer: { timeoutMs: 50 }, latency: { latencyMs: 500 } });

  expect((await say("hello")).heard).toBe("ECONNRESET");
});

it("limit_data ends the connection after so many bytes", async () => {
  proxy.poison({ limitData: { bytes: 3 } });

  expect((await say("hello")).heard.length).toBeLessThan(5);
});

it("down refuses and cuts, and up is as before", async () => {
  const open = connect(proxy.port, "127.0.0.1");
  await once(open, "connect");
  await until(() => proxy.connections() === 1, { what: "the connection to be carried" });
  const cut = once(open, "error");
  await proxy.down();

  await expect(cut).resolves.toMatchObject([{ code: "ECONNRESET" }]);
  await expect(say("hello")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await proxy.up();
  expect((await say("hello")).heard).toBe("hello");
});
