import { expect, it } from "vitest";
import { withStage } from "./stage.ts";

const SLOW_MS = 5_000;

it("acknowledges every interaction under one second while the provider answers in five", async () => {
  await withStage("PostgreSQL", async (stage) => {
    const { slack } = stage;
    await stage.startGodwit({ environment: { SLOW_MS: String(SLOW_MS) } });
    const [alice, patience] = [slack.user("alice"), { timeoutMs: 60_000 }];

    await alice.command("/db list", { channel: "#databases" });
    await alice.command("/db migrate orders", { channel: "#databases" });
    const form = await alice.waitForModal((modal) => /Difference/.test(modal.text()), patience);
    await form.choose("plan", "pg-m");
    await form.waitFor(/78\.50 EUR more/, patience);
    await form.submit();
    const root = await slack
      .channel("#databases")
      .waitFor((message) => message.buttons().includes("Migrate the database"), patience);
    await alice.click(root, "Migrate the database", { confirm: true });
    await root.waitFor(/Confirmed by @alice/, patience);

    expect(Math.max(...slack.ackLatencies.map(({ ms }) => ms))).toBeLessThan(1_000);
    expect(slack.ackLatencies.length).toBeGreaterThanOrEqual(5);
    expect(slack.errors).toEqual([]);
  });
}, 240_000);
