import type { Names } from "./names.ts";

/** Slack's mrkdwn as a person reads it: mentions and dates resolved, links as text, entities decoded. */
export function renderMrkdwn(text: string, names: Names): string {
  const readable = text.replaceAll(/<([^<>]*)>/g, (_, inner: string) => renderControl(inner, names));
  return readable.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function renderControl(inner: string, names: Names): string {
  const [target, label] = splitOnce(inner);
  if (target.startsWith("@")) return `@${names.user(target.slice(1))}`;
  if (target.startsWith("#")) return `#${names.channel(target.slice(1))}`;
  if (target.startsWith("!subteam^")) return `@${names.group(target.slice("!subteam^".length))}`;
  if (target.startsWith("!date^")) return label ?? "";
  if (target.startsWith("!")) return `@${target.slice(1)}`;
  if (label === undefined || label === target) return target;
  return `${label} (${target})`;
}

function splitOnce(inner: string): [string, string?] {
  const at = inner.indexOf("|");
  return at < 0 ? [inner] : [inner.slice(0, at), inner.slice(at + 1)];
}
