import { afterEach, beforeEach, expect, it } from "vitest";
import { considerPress } from "../../src/migrations/consider-press.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;

beforeEach(async () => {
  bench = await openWorkbench();
});

afterEach(async () => {
  await bench.close();
});

it("takes a press that would have an effect as possible, and changes nothing", async () => {
  const { id } = await bench.draft();
  const considered = await considerPress(bench.deps, { action: "confirm", migrationId: id });

  expect(considered).toMatchObject({ kind: "possible", migration: { id } });
  expect((await bench.store.migration(id))?.state).toBe("awaiting_confirmation");
});

it("says who was first when a migration is confirmed already", async () => {
  const { id } = await bench.confirmed();

  expect(await considerPress(bench.deps, { action: "confirm", migrationId: id })).toMatchObject({
    kind: "refused",
    refusal: { summary: "alice has confirmed this migration of orders already." },
  });
});

it("refuses a button of a migration that has gone on, or that nobody knows", async () => {
  const { id } = await bench.confirmed();
  const summaryOf = async (action: "retry" | "cancel", migrationId: string) => {
    const considered = await considerPress(bench.deps, { action, migrationId });
    return considered.kind === "refused" ? considered.refusal.summary : "possible";
  };

  expect(await summaryOf("retry", id)).toBe(
    "The migration of orders is confirmed and starts in a moment, so it cannot be tried again.",
  );
  expect(await summaryOf("cancel", "mig_0000000000000000")).toBe(
    "This button belongs to a migration that Godwit does not know.",
  );
  expect(await summaryOf("cancel", id)).toBe("possible");
});
