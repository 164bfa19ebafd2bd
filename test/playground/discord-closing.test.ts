import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { startLocalDiscord } from "../../playground/discord/index.ts";
import { settled } from "./open-resources.ts";

test("closing leaves no server, socket or timer behind", async () => {
  const before = await settled(0);
  const discord = await startLocalDiscord();
  const api = `${discord.url}/v10`;
  const headers = { authorization: `Bot ${discord.token}`, "user-agent": "DiscordBot (test, 1)" };
  const json = { ...headers, "content-type": "application/json" };
  const commands = `${api}/applications/${discord.applicationId}/commands`;
  const body = JSON.stringify([{ name: "db", description: "Databases" }]);
  await fetch(commands, { method: "PUT", headers: { ...json, connection: "close" }, body });
  discord.faults.always("GET /users/@me", { hang: true });
  const call = fetch(`${api}/users/@me`, { headers: { ...headers, connection: "close" } });
  const hung = expect(call).rejects.toThrow("fetch failed");
  const waiting = expect(discord.user("alice").waitForModal()).rejects.toThrow("closed");
  expect(await discord.user("bob").command("/db")).toMatchObject({ error: "not_connected" });
  const socket = new WebSocket(`${discord.url.replace("http", "ws")}/?v=10&encoding=json`);
  const identify = {
    token: discord.token,
    intents: 0,
    properties: { os: "linux", browser: "test", device: "test" },
  };
  socket.once("open", () => socket.send(JSON.stringify({ op: 2, d: identify })));
  await discord.waitForConnections(1);
  const command = discord.user("alice").command("/db");
  await discord.close();
  expect(await command).toMatchObject({ acked: false });
  await Promise.all([hung, waiting]);
  socket.terminate();
  expect(await settled(before.length)).toEqual(before);
});
