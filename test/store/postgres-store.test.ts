import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LeaseLost } from "../../src/core/failure.ts";
import { TRANSITIONS } from "../../src/core/transitions.ts";
import { confirmMigration } from "../../src/migrations/confirm-migration.ts";
import { applySchema } from "../../src/store/apply-schema.ts";
import { ALICE, CHANNEL, openWorkbench, type Workbench } from "../migrations/workbench.ts";

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench();
});

afterAll(async () => {
  await bench.close();
});

describe("the schema", () => {
  it("may be applied by several processes at once, and again", async () => {
    await Promise.all([applySchema(bench.pool), applySchema(bench.pool), applySchema(bench.pool)]);

    const { rows } = await bench.pool.query("SELECT name FROM godwit.schema_changes");
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  it("knows the same transitions as the core", async () => {
    const { rows } = await bench.pool.query("SELECT from_state, to_state FROM godwit.transitions");

    const known = rows.map(({ from_state, to_state }) => `${from_state} ${to_state}`).sort();
    const expected = Object.entries(TRANSITIONS).flatMap(([from, tos]) => tos.map((to) => `${from} ${to}`));
    expect(known).toEqual(expected.sort());
  });

  it("refuses a transition that the table forbids, whoever asks for it", async () => {
    const { id } = await bench.draft();

    const illegal = bench.pool.query("UPDATE godwit.migrations SET state = 'succeeded' WHERE id = $1", [id]);

    await expect(illegal).rejects.toThrow(/may not go from awaiting_confirmation to succeeded/);
  });
});

describe("events", () => {
  it("are numbered without gaps and chained by their hashes", async () => {
    const { id } = await bench.draft();
    for (const type of ["a", "b", "c"]) {
      await bench.store.transaction((tx) => tx.append({ migrationId: id, actor: "system", type }));
    }

    const { rows } = await bench.pool.query(
      `SELECT e.sequence, e.hash = godwit.event_hash(e) AS sealed,
         e.previous_hash = coalesce(lag(e.hash) OVER (ORDER BY e.sequence), '') AS chained
       FROM godwit.events e WHERE e.migration_id = $1 ORDER BY e.sequence`,
      [id],
    );
    expect(rows).toEqual([1, 2, 3, 4].map((sequence) => ({ sequence, sealed: true, chained: true })));
  });

  it.each([
    "UPDATE godwit.events SET actor = 'nobody'",
    "DELETE FROM godwit.events",
    "TRUNCATE godwit.events",
  ])("refuse to be changed: %s", async (sql) => {
    await expect(bench.pool.query(sql)).rejects.toThrow(/append-only/);
  });
});

describe("leases", () => {
  it("are given to one of many workers", async () => {
    const { id } = await confirmedAlone();

    const leases = await Promise.all(
      Array.from({ length: 10 }, (_, index) => bench.store.acquire(id, `worker${index}`, { ttlMs: 30_000 })),
    );

    expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
    await end(id);
  });

  it("stop a worker whose epoch is outdated from writing", async () => {
    const { id } = await confirmedAlone();
    const old = await bench.store.acquire(id, "old", { ttlMs: 1 });
    await bench.store.acquire(id, "new", { ttlMs: 30_000, steal: true });

    const late = bench.store.underLease(old ?? never(), (tx) => tx.patchMigration(id, { desired: "cancel" }));

    await expect(late).rejects.toThrow(LeaseLost);
    expect((await bench.store.migration(id))?.desired).toBe("run");
    await end(id);
  });
});

describe("one live migration per add-on", () => {
  it("holds for 30 concurrent confirmations of three drafts", async () => {
    const drafts = await Promise.all([bench.draft(), bench.draft(), bench.draft()]);

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const { id, planHash } = drafts[index % 3] ?? never();
        return confirmMigration(
          bench.deps,
          { migrationId: id, planHash, by: ALICE },
          AbortSignal.timeout(30_000),
        );
      }),
    );

    expect(answers.filter(({ kind }) => kind === "confirmed")).toHaveLength(1);
    const codes = new Set(
      answers.flatMap((answer) => (answer.kind === "refused" ? [answer.refusal.code] : [])),
    );
    expect([...codes].sort()).toEqual(["already-confirmed", "migration-running"]);
    const live = await bench.store.liveMigration("addon_orders");
    await end(live?.id ?? "");
  });
});

describe("the inbox", () => {
  it("takes each delivery once", async () => {
    const receive = () => bench.store.transaction((tx) => tx.receive("slack", "trigger-1"));

    expect([await receive(), await receive()]).toEqual([true, false]);
  });
});

describe("the outbox", () => {
  it("hands out only the head of a thread, and the next one after it was sent", async () => {
    const key = await aThread();
    const [first, second] = [await claim(key), await claim(key)];
    if (first) await bench.store.markSent(first, "100.1");
    const third = await claim(key);

    expect([first?.messageKey, second, third?.messageKey]).toEqual(["root", undefined, "card"]);
    expect(third?.thread.rootId).toBe("100.1");
  });

  it("replaces an edit that was not sent by a newer one", async () => {
    const key = await aThread();
    const migration = (await bench.store.migration(key)) ?? never();
    const at = new Date();
    for (let index = 0; index < 3; index += 1) {
      await bench.store.transaction((tx) =>
        tx.send({
          threadKey: key,
          kind: "edit",
          messageKey: "card",
          coalesceKey: "card",
          notification: { kind: "progress", migration, steps: [], at },
        }),
      );
    }

    const { rows } = await bench.pool.query(
      "SELECT status FROM godwit.chat_outbox WHERE thread_key = $1 AND kind = 'edit' ORDER BY id",
      [key],
    );
    expect(rows.map(({ status }) => status)).toEqual(["superseded", "superseded", "pending"]);
  });

  it("gives a claim that ran out to the next sender as doubtful", async () => {
    const key = await aThread();
    await claim(key, 1);
    await new Promise((resolve) => setTimeout(resolve, 10));

    const again = await claim(key);

    expect(again).toMatchObject({ messageKey: "root", doubtful: true, attempts: 2 });
  });

  it("gives dates back as dates", async () => {
    const key = await aThread();
    const message = await claim(key);

    expect(
      message?.notification.kind === "confirmation" && message.notification.migration.createdAt,
    ).toBeInstanceOf(Date);
  });
});

/** Opens a thread of a draft with two posts; other threads' messages are put aside. */
async function aThread(): Promise<string> {
  await bench.pool.query(
    "UPDATE godwit.chat_outbox SET status = 'dead' WHERE status IN ('pending', 'sending')",
  );
  const migration = await bench.draft();
  const at = new Date();
  await bench.store.transaction((tx) =>
    tx.send({
      threadKey: migration.id,
      kind: "post",
      messageKey: "card",
      notification: { kind: "progress", migration, steps: [], at },
    }),
  );
  return migration.id;
}

async function claim(threadKey: string, ttlMs = 30_000) {
  const message = await bench.store.claimMessage("sender", ttlMs, [CHANNEL.platform]);
  if (message && message.threadKey !== threadKey) throw new Error("claimed a message of another thread");
  return message;
}

async function confirmedAlone() {
  return bench.confirmed();
}

/** Frees the add-on for the next test. */
async function end(id: string): Promise<void> {
  await bench.pool.query(
    "UPDATE godwit.migrations SET state = 'cancelled' WHERE id = $1 AND state = 'queued'",
    [id],
  );
}

function never(): never {
  throw new Error("nothing was found");
}
