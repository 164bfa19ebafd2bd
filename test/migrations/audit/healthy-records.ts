import type { KeptEvent, KeptMessage, Records } from "../../../src/core/records.ts";

export const NOW = new Date("2026-11-22T12:00:00Z");

/** A moment so many seconds before `NOW`. */
export function ago(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

/** An event as it should be. */
export function anEvent(sequence: number, type: string, epoch?: number): KeptEvent {
  const data = epoch === undefined ? {} : { epoch };
  return { sequence, at: ago(100 - sequence), type, actor: "worker:w", data, sealed: true, chained: true };
}

/** A sent message as it should be. */
export function aMessage(
  sequence: number,
  kind: KeptMessage["kind"],
  tells: string,
  change: Partial<KeptMessage> = {},
): KeptMessage {
  return {
    threadKey: "mig_1",
    sequence,
    kind,
    messageKey: tells,
    status: "sent",
    remoteId: `m${sequence}`,
    sentAt: ago(100 - sequence),
    createdAt: ago(200),
    tells,
    migrationId: "mig_1",
    ...change,
  };
}

/** What is kept of a migration that went well. */
export function healthyRecords(): Records {
  return {
    migration: {
      id: "mig_1",
      addonId: "addon_orders",
      state: "succeeded",
      pivotPassed: true,
      threadKey: "mig_1",
      startedAt: ago(90),
      finishedAt: ago(10),
    },
    events: [
      anEvent(1, "requested"),
      anEvent(2, "confirmed"),
      anEvent(3, "started", 1),
      anEvent(4, "step-started", 1),
      anEvent(5, "step-done", 2),
      anEvent(6, "pivot-passed"),
      anEvent(7, "succeeded"),
    ],
    steps: [
      { name: "copy", sequence: 1, status: "done" },
      { name: "switch", sequence: 2, status: "done" },
    ],
    messages: [
      aMessage(1, "post", "confirmation"),
      aMessage(2, "edit", "progress", { status: "superseded", remoteId: null, sentAt: null }),
      aMessage(3, "post", "succeeded"),
    ],
    fence: { deadline: ago(50), liftedAt: ago(20) },
    lease: { epoch: 2, until: null },
  };
}
