import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Feed } from "../feed.ts";
import { refuse } from "../refusal.ts";
import type { Settings } from "../settings.ts";
import type { Answer, Delivery, Transport } from "./transport.ts";

/** At most ten connections per app; each payload goes to one of them at random (Slack: Socket Mode). */
const connectionLimit = 10;
const goodbyeMs = 500;

/** The server end of Socket Mode. */
export class SocketHub implements Transport {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<WebSocket>();
  readonly #tickets = new Set<string>();
  readonly #pending = new Map<string, (answer: Answer) => void>();
  readonly #settings: Settings;
  readonly #feed: Feed;

  constructor(settings: Settings, feed: Feed) {
    this.#settings = settings;
    this.#feed = feed;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** The single-use address handed out by apps.connections.open. */
  issueUrl(origin: string): string {
    if (this.#connections.size >= connectionLimit) refuse("too_many_websockets");
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `${origin.replace(/^http/, "ws")}/link/?ticket=${ticket}&app_id=${this.#settings.appId}`;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname !== "/link/" || !this.#tickets.delete(url.searchParams.get("ticket") ?? "")) {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => this.#welcome(connection));
  }

  send(delivery: Delivery, signal: AbortSignal): Promise<Answer> {
    const connection = this.#pickConnection();
    if (!connection) return Promise.resolve({ kind: "refused", detail: "no Socket Mode connection is open" });
    const envelopeId = randomUUID();
    return new Promise((resolve) => {
      this.#pending.set(envelopeId, resolve);
      signal.addEventListener("abort", () => this.#pending.delete(envelopeId), { once: true });
      connection.send(JSON.stringify(envelope(envelopeId, delivery)));
    });
  }

  /** Tells every connection to come back later, as Slack does every few hours. */
  refresh(reason: "warning" | "refresh_requested" = "refresh_requested"): void {
    const message = { type: "disconnect", reason, debug_info: { host: "local" } };
    for (const connection of this.#connections) connection.send(JSON.stringify(message));
  }

  /** Cuts every connection without a word. */
  drop(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  /** Says goodbye to every connection, and cuts those that do not answer. */
  async close(): Promise<void> {
    const closed = [...this.#connections].map(
      (connection) => new Promise((resolve) => connection.once("close", resolve)),
    );
    for (const connection of this.#connections) connection.close(1001);
    const timer = setTimeout(() => this.drop(), goodbyeMs);
    await Promise.all(closed);
    clearTimeout(timer);
    this.#server.close();
  }

  #welcome(connection: WebSocket): void {
    this.#connections.add(connection);
    connection.on("message", (data) => this.#receive(Buffer.from(data as Buffer).toString()));
    connection.on("error", () => connection.terminate());
    connection.on("close", () => {
      this.#connections.delete(connection);
      this.#feed.emit({ kind: "connections", count: this.#connections.size });
    });
    connection.send(
      JSON.stringify({
        type: "hello",
        num_connections: this.#connections.size,
        debug_info: { host: "local", build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: this.#settings.appId },
      }),
    );
    this.#feed.emit({ kind: "connections", count: this.#connections.size });
  }

  #receive(data: string): void {
    const message = JSON.parse(data) as { envelope_id?: string; payload?: unknown };
    const resolve = this.#pending.get(message.envelope_id ?? "");
    this.#pending.delete(message.envelope_id ?? "");
    resolve?.({ kind: "acked", body: message.payload });
  }

  #pickConnection(): WebSocket | undefined {
    const open = [...this.#connections].filter((connection) => connection.readyState === connection.OPEN);
    return open[Math.floor(Math.random() * open.length)];
  }
}

function envelope(envelopeId: string, delivery: Delivery): object {
  const shared = { envelope_id: envelopeId, type: delivery.envelope, payload: delivery.payload };
  if (delivery.envelope !== "events_api") return { ...shared, accepts_response_payload: true };
  return { ...shared, accepts_response_payload: false, retry_attempt: 0, retry_reason: "" };
}
