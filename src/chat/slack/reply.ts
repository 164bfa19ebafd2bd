import type { WebClient } from "@slack/web-api";
import type { Message } from "../message.ts";
import { type RenderOptions, renderMessage } from "./render.ts";

const TIMEOUT_MS = 5_000;
const SLACK_HOST = "hooks.slack.com";

/** Where an answer for one person alone goes. */
export interface ReplyTarget {
  /** Works also where the bot is not a member: five times within 30 min (Slack, "Handling user interaction"). */
  readonly responseUrl: string | null;
  readonly channel: string;
  readonly userId: string;
  readonly threadTs?: string | undefined;
}

interface ReplyOptions extends RenderOptions {
  readonly client: WebClient;
  /** Base of the Web API: a local Slack hands out response_urls of its own origin. */
  readonly apiUrl: string;
}

/** Tells one person something, in their channel, seen by them alone. Rejects when no way is left. */
export async function replyEphemeral(
  target: ReplyTarget,
  message: Message,
  options: ReplyOptions,
): Promise<void> {
  const content = {
    ...renderMessage(message, options),
    ...(target.threadTs === undefined ? {} : { thread_ts: target.threadTs }),
  };
  if (target.responseUrl !== null && isTrusted(target.responseUrl, options.apiUrl)) {
    if (await postTo(target.responseUrl, { ...content, response_type: "ephemeral", replace_original: false }))
      return;
  }
  await options.client.chat.postEphemeral({ channel: target.channel, user: target.userId, ...content });
}

async function postTo(url: string, body: object): Promise<boolean> {
  try {
    const headers = { "content-type": "application/json; charset=utf-8" };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal,
      redirect: "error",
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function isTrusted(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin } = new URL(url);
  return (protocol === "https:" && hostname === SLACK_HOST) || origin === new URL(apiUrl).origin;
}
