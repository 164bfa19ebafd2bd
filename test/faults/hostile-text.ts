/** What is hard on whoever puts names and values into other texts. */
const PIECES = [
  ...Array.from("\"'`\\;%$.,:/()[]{}<>=*?!@#&|^~+-_ \t\n\r"),
  ...Array.from("aZ09éßøñ中文한글☃\u00a0\u200b\u202e\ufeff"),
  '"; DROP TABLE x; --',
  "'); DROP TABLE x; --",
  "$$",
  "$body$",
  "E'\\\\'",
  'U&"\\0441"',
  "select",
  "user",
  "NULL",
  "pg_",
  "%s",
  "%I",
  "${HOME}",
  "$(id)",
  "{{x}}",
  "__proto__",
  "constructor",
  "/*",
  "*/",
  "--",
  "\\.",
  "\\N",
];
/** Beyond the basic plane, which not every server takes in names. */
const ASTRAL = ["😀", "𝒳", "🏳️‍🌈"];

export interface TextOptions {
  /** Bytes that it has at most, in UTF-8; at least 4. */
  readonly bytes: number;
  readonly astral?: boolean;
}

/** A text of at least one character that holds no zero byte, the same for the same numbers. */
export function hostileText(random: () => number, { bytes, astral = true }: TextOptions): string {
  const pieces = astral ? [...PIECES, ...ASTRAL] : PIECES;
  const wanted = 1 + Math.floor(random() * bytes);
  let text = "";
  for (let tries = 0; tries < 40 && Buffer.byteLength(text) < wanted; tries += 1) {
    const longer = text + (pieces[Math.floor(random() * pieces.length)] ?? "a");
    if (Buffer.byteLength(longer) <= bytes) text = longer;
  }
  return text;
}

/** So many different ones; `keyOf` tells which are the same to the server. */
export function hostileTexts(
  random: () => number,
  {
    count,
    keyOf = (text) => text,
    ...options
  }: TextOptions & { readonly count: number; readonly keyOf?: (text: string) => string },
): string[] {
  const found = new Map<string, string>();
  while (found.size < count) {
    const text = hostileText(random, options);
    if (!found.has(keyOf(text))) found.set(keyOf(text), text);
  }
  return [...found.values()];
}
