import { request } from "node:http";
import type { Settings } from "../settings.ts";
import { sign } from "./sign.ts";
import type { Answer, Delivery, Transport } from "./transport.ts";

const formType = "application/x-www-form-urlencoded";

/** Delivers payloads as signed HTTP requests to the app's request URL. */
export class HttpSender implements Transport {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async send(delivery: Delivery, signal: AbortSignal): Promise<Answer> {
    try {
      return await this.#post(this.#settings.requestUrl ?? "", bodyOf(delivery), signal);
    } catch (error) {
      return { kind: "refused", detail: error instanceof Error ? error.message : String(error) };
    }
  }

  #post(url: string, body: { type: string; text: string }, signal: AbortSignal): Promise<Answer> {
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = {
      "content-type": body.type,
      "content-length": Buffer.byteLength(body.text),
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": sign(this.#settings.signingSecret, timestamp, body.text),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { method: "POST", headers, agent: false, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve(answerFrom(response.statusCode ?? 0, Buffer.concat(chunks).toString())),
        );
      });
      outgoing.on("error", reject);
      outgoing.end(body.text);
    });
  }
}

function bodyOf({ envelope, payload }: Delivery): { type: string; text: string } {
  if (envelope === "events_api") return { type: "application/json", text: JSON.stringify(payload) };
  const fields =
    envelope === "interactive"
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
  return { type: formType, text: new URLSearchParams(fields).toString() };
}

function answerFrom(status: number, text: string): Answer {
  if (status !== 200) return { kind: "refused", detail: `HTTP ${status} ${text}`.trim() };
  if (text === "") return { kind: "acked", body: {} };
  try {
    return { kind: "acked", body: JSON.parse(text) as unknown };
  } catch {
    return { kind: "acked", body: text };
  }
}
