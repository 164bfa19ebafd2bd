import { expect, test } from "vitest";
import { readDiscordButton, renderButtons as renderDiscord } from "../../src/chat/discord/render-buttons.ts";
import type { PressButton } from "../../src/chat/message.ts";
import { confirmDialog } from "../../src/chat/present/confirm-dialog.ts";
import { presentNotification } from "../../src/chat/present/notification.ts";
import { readSlackButton, renderButtons as renderSlack } from "../../src/chat/slack/render-buttons.ts";
import type { Migration } from "../../src/core/migration.ts";
import type { Finding } from "../../src/core/preflight.ts";
import { aMigration, aReport, at, bob } from "./makers.ts";
import { shown } from "./shown.ts";

const leaves: Finding = {
  check: "leaves-hds",
  level: "consent",
  summary:
    "The database leaves zone parhds, which is certified for health data (HDS), for par, which is not.",
  remedy: "Consent only when whoever answers for the data has decided that it may leave.",
};
const preflight = aReport({ findings: [leaves] });

function plan(change: Partial<Migration> = {}): string {
  const migration = aMigration({ preflight, ...change });
  return shown(presentNotification({ kind: "confirmation", migration, confirmable: true }));
}

test("a plan that asks for a consent says so, and offers no other decision before it is given", () => {
  const text = plan();
  expect(text.split("\n")[0]).toBe(
    "(Migration of orders (PostgreSQL 15 to 18, plan S to M). It needs a consent before it can be confirmed. It costs 78.50 EUR more per month.)",
  );
  expect(text.slice(text.indexOf("Preflight"))).toMatchInlineSnapshot(`
    "Preflight: 1 consent.
    - Consent: The database leaves zone parhds, which is certified for health data (HDS), for par, which is not. Consent only when whoever answers for the data has decided that it may leave.

    This migration takes two decisions. First someone who answers for this data consents to what is marked with Consent above; only then can the migration be confirmed.
    [ Give consent ] [ Cancel ]
    Migration mig_0123456789abcdef, checked 2026-11-22 14:00 UTC"
  `);
});

test("a plan that was consented to says by whom and when, and can be confirmed", () => {
  const text = plan({ consent: { planHash: "a1b2c3", by: bob, at: at("14:05:00") } });
  expect(text.slice(text.indexOf("\n\n"))).toMatchInlineSnapshot(`
    "

    bob consented to what is marked with Consent above, 2026-11-22 14:05 UTC.
    Nothing happens until someone confirms. The right and the price are checked again then.
    [ Migrate the database ] [ Cancel ]
    Migration mig_0123456789abcdef, checked 2026-11-22 14:00 UTC"
  `);
});

test("a consent to another plan is none", () => {
  expect(plan({ consent: { planHash: "another", by: bob, at: at("14:05:00") } })).toContain(
    "[ Give consent ]",
  );
});

test("a consent stays readable when the migration is under way", () => {
  const text = plan({ state: "running", consent: { planHash: "a1b2c3", by: bob, at: at("14:05:00") } });
  expect(text).toContain("bob consented to what is marked with Consent above, 2026-11-22 14:05 UTC.");
});

test("asks once more what is consented to, within what a dialog of Slack takes", () => {
  const dialog = confirmDialog("consent", aMigration({ preflight }));
  expect(dialog).toEqual({
    title: "Do you consent?",
    text: "The database leaves zone parhds, which is certified for health data (HDS), for par, which is not. Your consent is kept with your name and the time. Nothing starts yet.",
    confirm: "I consent",
    deny: "Not yet",
  });
  expect(dialog?.text.length).toBeLessThanOrEqual(300);
});

test("the button carries the plan that is consented to, on both platforms", () => {
  const planHash = "f".repeat(64);
  const { id } = aMigration();
  const button: PressButton = {
    action: "consent",
    label: "Give consent",
    style: "primary",
    migrationId: id,
    planHash,
  };
  const [slack] = renderSlack([button]).elements as { action_id: string; value: string }[];
  const [discord] = renderDiscord([button]).flatMap(
    ({ components }) => components as { custom_id: string }[],
  );

  const carried = { action: "consent", migrationId: id, planHash };
  expect(readSlackButton(slack?.action_id ?? "", slack?.value ?? "")).toEqual(carried);
  expect(readDiscordButton(discord?.custom_id ?? "")?.pressed).toEqual(carried);
});
