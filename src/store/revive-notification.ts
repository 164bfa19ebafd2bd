import type { Notification } from "../core/notification.ts";

/** Fields of notifications that are dates; JSON has turned them into text. */
const DATES = new Set([
  "at",
  "since",
  "dropAt",
  "oldKeptUntil",
  "connectedAt",
  "readOnlyFrom",
  "readOnlyUntil",
  "createdAt",
  "queuedAt",
  "startedAt",
  "finishedAt",
  "switchAt",
  "retryAt",
  "since",
  "notBefore",
  "startBy",
  "lookedAt",
]);

/** Turns a notification as stored back into what it was. */
export function reviveNotification(stored: Notification): Notification {
  return JSON.parse(JSON.stringify(stored), revive) as Notification;
}

function revive(key: string, value: unknown): unknown {
  return DATES.has(key) && typeof value === "string" ? new Date(value) : value;
}
