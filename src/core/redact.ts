const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1[redacted]@"],
  [/\b(pass(?:word|wd)?|secret|token|key)(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;]+)/gi, "$1$2[redacted]"],
  [/\bxox[a-z]-[A-Za-z0-9-]+/g, "[redacted]"],
  [/\bxapp-[A-Za-z0-9-]+/g, "[redacted]"],
];

/**
 * Last line of defence before text from outside is stored or shown: user information in URLs, values of
 * password-like keys and Slack tokens become `[redacted]`.
 */
export function redact(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** The messages of an error and its causes, outermost first, redacted and at most `limit` characters long. */
export function describeError(error: unknown, limit = 1_000): string {
  const messages: string[] = [];
  for (let current = error; current !== undefined && messages.length < 6; ) {
    messages.push(current instanceof Error ? `${current.name}: ${current.message}` : textOf(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  return redact(messages.join(" <- ")).slice(0, limit);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "something that is no error";
}
