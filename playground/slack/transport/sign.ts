import { createHmac } from "node:crypto";

/** Slack's request signature, version 0 (Slack: verifying requests from Slack). */
export function sign(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}
