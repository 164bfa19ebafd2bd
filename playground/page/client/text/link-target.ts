export type LinkTarget =
  | { readonly kind: "web"; readonly href: string }
  | { readonly kind: "message"; readonly href: string; readonly channelId: string; readonly ts: string }
  | { readonly kind: "none" };

const schemes = ["http:", "https:", "mailto:"];

/** Where a link in a message may lead. `javascript:` and the like lead nowhere. */
export function linkTarget(url: string): LinkTarget {
  if (!URL.canParse(url)) return { kind: "none" };
  const { protocol, hostname, pathname, href } = new URL(url);
  if (!schemes.includes(protocol)) return { kind: "none" };
  const [, channelId, seconds, micros] = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(pathname) ?? [];
  const isPermalink = hostname.endsWith(".slack.com") && seconds !== undefined;
  if (!isPermalink || channelId === undefined) return { kind: "web", href };
  return { kind: "message", href, channelId, ts: `${seconds}.${micros}` };
}
