import { type Finding, finding } from "./finding.ts";

/** `scheme://user:password@host`: never to be seen in a chat. */
const connectionUri = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<>]*:[^\s/@"'<>]+@[^\s"'<>]+/i;

/** Connection URIs with a password anywhere in a body or its files. Discord would take them; nobody should send them. */
export function findSecrets(body: unknown, files: readonly { name: string; bytes: Buffer }[]): Finding[] {
  return [
    ...secretsIn(body, []),
    ...files.flatMap(({ name, bytes }) => secretsIn(bytes.toString("utf8"), ["files", name])),
  ];
}

function secretsIn(value: unknown, path: readonly (string | number)[]): Finding[] {
  if (typeof value === "string") {
    return connectionUri.test(value)
      ? [finding(path, "SECRET", "holds a connection URI with a password")]
      : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
