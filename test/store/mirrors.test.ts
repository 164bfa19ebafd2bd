import { afterAll, beforeAll, expect, it } from "vitest";
import type { Place } from "../../src/core/member.ts";
import { submitRequest } from "../../src/migrations/submit-request.ts";
import { ALICE, CHANNEL, openWorkbench, type Workbench } from "../migrations/workbench.ts";

const DISCORD: Place = { platform: "discord", workspace: "G1", channel: "D1" };
const SLACK: Place = { platform: "slack", workspace: "", channel: "C9" };

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench();
});

afterAll(async () => {
  await bench.close();
});

it("sends every message of a thread to its mirror too, in the order of each, under nonces of their own", async () => {
  const key = await mirrored();
  await bench.store.transaction((tx) => tx.send(card(key)));

  const { rows } = await bench.pool.query<{
    platform: string;
    line: string;
    sequence: number;
    nonce: string;
  }>(
    `SELECT t.platform, o.message_key AS line, o.sequence, o.nonce
     FROM godwit.chat_outbox o JOIN godwit.threads t ON t.key = o.thread_key
     WHERE t.key = $1 OR t.mirror_of = $1 ORDER BY t.platform, o.sequence`,
    [key],
  );
  expect(rows.map(({ platform, line, sequence }) => `${platform} ${sequence} ${line}`)).toEqual([
    "discord 1 root",
    "discord 2 card",
    "slack 1 root",
    "slack 2 card",
  ]);
  expect(new Set(rows.map(({ nonce }) => nonce)).size).toBe(4);
  expect(rows.every(({ nonce }) => /^[0-9a-f]{24}$/.test(nonce))).toBe(true);
});

it("keeps a platform that is down from holding up the other", async () => {
  const key = await mirrored();
  await bench.store.transaction((tx) => tx.send(card(key)));

  const sent: string[] = [];
  for (let message = await claim("discord"); message; message = await claim("discord")) {
    sent.push(`${message.messageKey} ${message.thread.channel}`);
    await bench.store.markSent(message, `${sent.length}`);
  }

  expect(sent).toEqual(["root D1", "card D1"]);
  expect((await claim("slack"))?.messageKey).toBe("root");
});

it("leaves an older edit out on both sides once a newer one is written", async () => {
  const key = await mirrored();
  for (let count = 0; count < 3; count += 1)
    await bench.store.transaction((tx) => tx.send({ ...card(key), kind: "edit", coalesceKey: "card" }));

  const { rows } = await bench.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM godwit.chat_outbox o JOIN godwit.threads t ON t.key = o.thread_key
     WHERE (t.key = $1 OR t.mirror_of = $1) AND o.kind = 'edit' AND o.status = 'pending'`,
    [key],
  );
  expect(rows).toEqual([{ count: 2 }]);
});

it("does not mirror a migration to the platform it began on", async () => {
  const key = await mirrored(DISCORD);

  const { rows } = await bench.pool.query("SELECT key FROM godwit.threads WHERE mirror_of = $1", [key]);
  expect(rows).toEqual([{ key: `${key}/slack` }]);
});

it("edits the message that shows the news now, when an earlier edit was posted anew", async () => {
  const key = await mirrored();
  await bench.store.transaction((tx) => tx.send(card(key)));
  await bench.store.transaction((tx) => tx.send({ ...card(key), kind: "edit", coalesceKey: "card" }));
  for (const id of ["1", "2", "anew"]) {
    const message = await claim("discord");
    if (message) await bench.store.markSent(message, id);
  }
  await bench.store.transaction((tx) => tx.send({ ...card(key), kind: "edit", coalesceKey: "card" }));

  expect(await claim("discord")).toMatchObject({ kind: "edit", remoteId: "anew" });
});

/** A draft that began in one place and is mirrored to Slack and Discord as configured; its thread's key. */
async function mirrored(place = CHANNEL): Promise<string> {
  await bench.pool.query(
    "UPDATE godwit.chat_outbox SET status = 'dead' WHERE status IN ('pending', 'sending')",
  );
  const deps = { ...bench.deps, mirrors: [SLACK, DISCORD] };
  const selection = { addonId: "addon_orders", planId: "pg-m", version: "18" };
  const answer = await submitRequest(deps, { selection, by: ALICE, place }, AbortSignal.timeout(9_000));
  if (answer.kind !== "posted") throw new Error(JSON.stringify(answer));
  return answer.migration.id;
}

function card(threadKey: string) {
  return {
    threadKey,
    kind: "post",
    messageKey: "card",
    notification: { kind: "retired", migration: { id: threadKey } as never },
  } as const;
}

function claim(platform: "slack" | "discord") {
  return bench.store.claimMessage("sender", 30_000, [platform]);
}
