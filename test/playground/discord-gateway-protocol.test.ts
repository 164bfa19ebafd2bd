import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  type LocalDiscord,
  type LocalDiscordOptions,
  startLocalDiscord,
} from "../../playground/discord/index.ts";

interface Frame {
  readonly op: number;
  readonly t: string | null;
  readonly s: number | null;
  readonly d: Record<string, unknown>;
}

/** A bare connection, frame by frame. */
class Line {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  readonly closed: Promise<number>;
  #wake: () => void = () => {};

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on("message", (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as Frame);
      this.#wake();
    });
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
  }

  async next(match: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(match);
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  send(op: number, d: unknown): void {
    this.socket.send(JSON.stringify({ op, d }));
  }
}

describe("the gateway's protocol", () => {
  let discord: LocalDiscord;
  const lines: Line[] = [];

  async function start(options: LocalDiscordOptions = {}): Promise<void> {
    discord = await startLocalDiscord(options);
  }

  async function open(query = "v=10&encoding=json"): Promise<Line> {
    const line = new Line(`${discord.url.replace("http", "ws").replace("/api", "")}/?${query}`);
    lines.push(line);
    await Promise.race([line.next(({ op }) => op === 10), line.closed]);
    return line;
  }

  const identify = (more: object = {}) => ({
    token: discord.token,
    intents: 0,
    properties: { os: "linux", browser: "test", device: "test" },
    ...more,
  });

  async function ready(): Promise<{ line: Line; session: string }> {
    const line = await open();
    line.send(2, identify());
    const { d } = await line.next(({ t }) => t === "READY");
    return { line, session: String(d.session_id) };
  }

  beforeEach(() => start());

  afterEach(async () => {
    for (const { socket } of lines.splice(0)) socket.terminate();
    await discord.close();
  });

  test("greets with the heartbeat interval, and acknowledges heartbeats", async () => {
    const line = await open();
    expect(line.frames).toMatchObject([{ op: 10, d: { heartbeat_interval: 41_250 } }]);
    line.send(1, null);
    await line.next(({ op }) => op === 11);
    const asked = line.next(({ op }) => op === 1);
    discord.gateway.askForHeartbeat();
    await asked;
  });

  test("numbers events strictly, and replays those after the given number before RESUMED", async () => {
    const { line, session } = await ready();
    line.socket.terminate();
    await discord.waitForConnections(0);
    discord.gateway.dispatch("FIRST", {});
    discord.gateway.dispatch("SECOND", {});
    const again = await open();
    again.send(6, { token: discord.token, session_id: session, seq: 1 });
    await again.next(({ t }) => t === "RESUMED");
    const events = again.frames.filter(({ op }) => op === 0);
    expect(events.map(({ t, s }) => [t, s])).toEqual([
      ["FIRST", 2],
      ["SECOND", 3],
      ["RESUMED", 4],
    ]);
  });

  test.each([
    ["an unknown opcode", 4001, (line: Line) => line.send(99, null)],
    ["a frame that is not JSON", 4002, (line: Line) => line.socket.send("no")],
    ["an IDENTIFY without intents", 4002, (line: Line) => line.send(2, { token: "x" })],
    ["a presence before IDENTIFY", 4003, (line: Line) => line.send(3, {})],
    ["a wrong token", 4004, (line: Line) => line.send(2, identify({ token: "wrong" }))],
    ["a shard that is not there", 4010, (line: Line) => line.send(2, identify({ shard: [1, 1] }))],
    ["intents that are not there", 4013, (line: Line) => line.send(2, identify({ intents: 1 << 30 }))],
    ["privileged intents", 4014, (line: Line) => line.send(2, identify({ intents: 1 << 15 }))],
  ])("closes on %s with %i", async (_, code, send) => {
    const line = await open();
    send(line);
    expect(await line.closed).toBe(code);
  });

  test("closes another version with 4012", async () => {
    expect(await (await open("v=9&encoding=json")).closed).toBe(4012);
    expect(await (await open("v=10&encoding=etf")).closed).toBe(4012);
  });

  test("closes a second IDENTIFY with 4005, and a RESUME from the future with 4007", async () => {
    const { line, session } = await ready();
    line.send(2, identify());
    expect(await line.closed).toBe(4005);
    const again = await open();
    again.send(6, { token: discord.token, session_id: session, seq: 99 });
    expect(await again.closed).toBe(4007);
  });

  test("does not resume a session that ended or was never there", async () => {
    const { line, session } = await ready();
    line.socket.close(1001);
    await discord.waitForConnections(0);
    const again = await open();
    again.send(6, { token: discord.token, session_id: session, seq: 1 });
    expect(await again.next(({ op }) => op === 9)).toMatchObject({ d: false });
  });

  test("forgets a session that was not resumed in time", async () => {
    const { line } = await ready();
    line.socket.terminate();
    await discord.waitForConnections(0);
    expect(discord.gateway.sessions).toHaveLength(1);
    discord.clock.advance(5 * 60_000);
    expect(discord.gateway.sessions).toEqual([]);
  });

  test("closes with 4008 after 120 sends in a minute", async () => {
    const { line } = await ready();
    for (let count = 0; count < 120; count += 1) line.send(1, null);
    expect(await line.closed).toBe(4008);
    expect(line.frames.filter(({ op }) => op === 11)).toHaveLength(119);
  });

  test("closes with 4009 when no heartbeat comes", async () => {
    await discord.close();
    await start({ heartbeatIntervalMs: 20 });
    expect(await (await open()).closed).toBe(4009);
  });

  test("takes so many IDENTIFYs at once, and resets the token after too many a day", async () => {
    await discord.close();
    await start({ maxConcurrency: 1, identifyBudget: 2 });
    await ready();
    const hasty = await open();
    hasty.send(2, identify());
    expect(await hasty.next(({ op }) => op === 9)).toMatchObject({ d: false });
    discord.clock.advance(5000);
    await ready();
    const limit = discord.gateway.limits.sessionStartLimit;
    expect(limit).toMatchObject({ total: 2, remaining: 0, max_concurrency: 1 });
    const last = await open();
    last.send(2, identify());
    expect(await last.closed).toBe(4004);
    const answer = await fetch(`${discord.url}/v10/users/@me`, {
      headers: { authorization: `Bot ${discord.token}`, "user-agent": "DiscordBot (test, 1)" },
    });
    expect(answer.status).toBe(401);
  });
});
