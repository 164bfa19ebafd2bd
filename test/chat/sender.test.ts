import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OutboxSender, type OutboxStore } from "../../src/chat/outbox/sender.ts";
import { until } from "../support/until.ts";
import { aLog } from "./makers.ts";
import { MemoryOutbox, ScriptedPort, settled, TestClock } from "./memory-outbox.ts";

let clock: TestClock;
let outbox: MemoryOutbox;
let port: ScriptedPort;
let sender: OutboxSender;
let log: ReturnType<typeof aLog>;

beforeEach(() => {
  clock = new TestClock();
  outbox = new MemoryOutbox(clock);
  port = new ScriptedPort(clock);
  log = aLog();
  sender = new OutboxSender({ store: outbox, ports: [port], clock, log, random: () => 0.5, owner: "test" });
  sender.start();
});

afterEach(async () => {
  await sender.stop();
  expect(clock.sleeping).toBe(0);
});

const sent = (): string[] => port.sent.map(({ what }) => what);
const gaps = (): number[] => port.sent.slice(1).map(({ at }, index) => at - (port.sent[index]?.at ?? 0));

test("sends a thread's messages in order, one post a second, and edits what was posted", async () => {
  outbox.write("t1", "post", "root");
  outbox.write("t1", "post", "card");
  outbox.write("t1", "edit", "card");
  await clock.advance(3_000);
  expect(sent()).toEqual(["post root", "post card", "edit ts-n2"]);
  expect(gaps()[0]).toBe(1_000);
});

test("does not give a message up because its delivery could not be written down, however often it was tried", async () => {
  const problems = Array.from({ length: 12 }, () => ({ kind: "unreachable" }) as const);
  port.problems.push(...problems);
  const row = outbox.write("t1", "post", "root");
  const markSent = outbox.markSent.bind(outbox);
  outbox.markSent = async () => {
    outbox.markSent = markSent;
    port.found = { id: "ts-n1" };
    throw new Error("Connection terminated unexpectedly");
  };

  await clock.advance(415_000);

  expect(row).toMatchObject({ status: "sent" });
  expect(sent().filter((what) => what === "post root")).toHaveLength(1);
});

test("edits one message at most once in the platform's interval", async () => {
  outbox.write("t1", "post", "card");
  for (let count = 0; count < 3; count += 1) outbox.write("t1", "edit", "card");
  await clock.advance(8_000);
  expect(sent()).toHaveLength(4);
  expect(gaps().slice(1)).toEqual([2_000, 2_000]);
});

test("lets no slow thread hold up another", async () => {
  port.problems.push({ kind: "rate-limited", retryAfterMs: 60_000 });
  outbox.write("t1", "post", "root");
  await clock.advance(600);
  outbox.write("t2", "post", "other");
  await clock.advance(1_000);
  expect(sent()).toEqual(["post other"]);
});

test("waits as long as a 429 asks, and holds later messages of the channel too", async () => {
  port.problems.push({ kind: "rate-limited", retryAfterMs: 7_000 });
  outbox.write("t1", "post", "root");
  outbox.write("t1", "post", "second");
  await clock.advance(6_500);
  expect(sent()).toEqual([]);
  await clock.advance(3_000);
  expect(sent()).toEqual(["post root", "post second"]);
});

test("keeps a message through an outage", async () => {
  port.problems.push(...Array.from({ length: 12 }, () => ({ kind: "unreachable" }) as const));
  const row = outbox.write("t1", "post", "root");
  await clock.advance(15_000);
  expect(row).toMatchObject({ status: "pending", doubtful: false });
  await clock.advance(400_000);
  expect(row).toMatchObject({ status: "sent", attempts: 13 });
});

test("looks a doubtful post up and does not send it twice", async () => {
  port.problems.push({ kind: "doubtful" });
  port.found = { id: "ts-found" };
  const row = outbox.write("t1", "post", "root");
  await clock.advance(4_000);
  expect(row).toMatchObject({ status: "sent", remoteId: "ts-found", doubtful: true });
  expect(sent()).toEqual([]);
});

test.each(["absent", "unknown"] as const)("sends a doubtful post again when it is %s", async (found) => {
  port.problems.push({ kind: "doubtful" });
  port.found = found;
  outbox.write("t1", "post", "root");
  await clock.advance(4_000);
  expect(sent()).toEqual(["post root"]);
});

test("gives up what can never be delivered, and goes on with the rest", async () => {
  port.problems.push({ kind: "permanent", code: "is_archived" });
  const row = outbox.write("t1", "post", "root");
  const edit = outbox.write("t1", "edit", "root");
  outbox.write("t1", "post", "second");
  await clock.advance(3_000);
  expect(row).toMatchObject({ status: "dead", error: "is_archived" });
  expect(edit).toMatchObject({ status: "dead", error: "no-message" });
  expect(sent()).toEqual(["post second"]);
});

test("gives a message up that our own defect breaks, after five attempts", async () => {
  port.problems.push(...Array.from({ length: 5 }, () => "surprise" as const));
  const row = outbox.write("t1", "post", "root");
  await clock.advance(60_000);
  expect(row).toMatchObject({ status: "dead", error: "internal", attempts: 5 });
});

test("sends at once when it is woken", async () => {
  await settled();
  outbox.write("t1", "post", "root");
  sender.wake();
  await settled();
  expect(sent()).toEqual(["post root"]);
});

test("puts waiting messages back when it stops", async () => {
  outbox.write("t1", "post", "root");
  const waiting = outbox.write("t1", "post", "second");
  await clock.advance(600);
  await sender.stop();
  expect(waiting).toMatchObject({ status: "pending", doubtful: false });
});

test("survives a store that cannot be read for a while", async () => {
  const claim = outbox.claimMessage.bind(outbox);
  let failures = 2;
  outbox.claimMessage = () => {
    failures -= 1;
    return failures >= 0 ? Promise.reject(new Error("the database is away")) : claim();
  };
  outbox.write("t1", "post", "root");
  await clock.advance(6_000);
  expect(sent()).toEqual(["post root"]);
  expect(log.lines.filter(({ event }) => event === "outbox not read")).toHaveLength(2);
});

test("does not send what another process may have sent: it was stopped until its claim had run out", async () => {
  const late = new OutboxSender({
    store: stoppedAfterClaims(80),
    ports: [port],
    clock,
    log,
    random: () => 0.5,
    owner: "late",
    times: { claimMs: 100, callMs: 50 },
  });
  await sender.stop();
  outbox.write("t1", "post", "root");
  late.start();

  await until(() => outbox.rows[0]?.error === "unreachable", { what: "the message to be put back" });
  await late.stop();

  expect(sent()).toEqual([]);
});

/** A store whose claims are answered so many milliseconds of real time late, as after a SIGSTOP. */
function stoppedAfterClaims(ms: number): OutboxStore {
  return {
    async claimMessage() {
      const message = await outbox.claimMessage();
      await sleep(ms);
      return message;
    },
    markSent: (message, remoteId) => outbox.markSent(message, remoteId),
    markRetry: (message, retry) => outbox.markRetry(message, retry),
    markDead: (message, error) => outbox.markDead(message, error),
  };
}
