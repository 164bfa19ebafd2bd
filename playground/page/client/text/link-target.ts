export type LinkTarget =
  | { readonly kind: "web"; readonly href: string }
  | {
      readonly kind: "message";
      readonly href: string;
      readonly channelId: string;
      readonly messageId: string;
    }
  | { readonly kind: "none" };

const schemes = ["http:", "https:", "mailto:"];

/** Where a link in a message may lead. `javascript:` and the like lead nowhere. */
export function linkTarget(url: string): LinkTarget {
  if (!URL.canParse(url)) return { kind: "none" };
  const target = new URL(url);
  if (!schemes.includes(target.protocol)) return { kind: "none" };
  const { href } = target;
  const message = slackMessage(target) ?? discordMessage(target);
  return message ? { kind: "message", href, ...message } : { kind: "web", href };
}

type Message = Pick<Extract<LinkTarget, { kind: "message" }>, "channelId" | "messageId">;

function slackMessage({ hostname, pathname }: URL): Message | undefined {
  const [, channelId, seconds, micros] = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(pathname) ?? [];
  if (!hostname.endsWith(".slack.com") || channelId === undefined) return undefined;
  return { channelId, messageId: `${seconds}.${micros}` };
}

function discordMessage({ hostname, pathname }: URL): Message | undefined {
  const [, channelId, messageId] = /^\/channels\/\d+\/(\d+)\/(\d+)$/.exec(pathname) ?? [];
  if (hostname !== "discord.com" || channelId === undefined || messageId === undefined) return undefined;
  return { channelId, messageId };
}
