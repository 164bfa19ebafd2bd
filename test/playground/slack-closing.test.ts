import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { startLocalSlack } from "../../playground/slack/index.ts";
import { settled } from "./open-resources.ts";

test("closing leaves no server, socket or timer behind", async () => {
  const before = await settled(0);
  const other = await startLocalSlack();
  other.faults.always("auth.test", { hang: true });
  const call = fetch(`${other.url}auth.test`, { method: "POST", headers: { connection: "close" } });
  const hung = expect(call).rejects.toThrow("fetch failed");
  const waiting = expect(other.user("alice").waitForModal()).rejects.toThrow("closed");
  expect(await other.user("bob").command("/db")).toMatchObject({ error: "dispatch_failed" });
  const ticket = other.socket.issueUrl(other.world.origin);
  const socket = new WebSocket(ticket);
  await other.waitForConnections(1);
  const command = other.user("alice").command("/db");
  await other.close();
  expect(await command).toMatchObject({ acked: false });
  await Promise.all([hung, waiting]);
  socket.terminate();
  expect(await settled(before.length)).toEqual(before);
});
