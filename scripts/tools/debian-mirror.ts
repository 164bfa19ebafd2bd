import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where this machine gets Debian from, and the keys that its archive is signed with. */
export interface DebianMirror {
  readonly uri: string;
  readonly keyring: string;
}

/** One source of packages, from a line or a stanza. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  readonly signedBy: string;
}

/** Debian 13 renames the keyring from .gpg to .pgp and keeps the old name as a link. */
const KEYRINGS = ["pgp", "gpg"].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);

/** Finds Debian's own mirror in the machine's apt sources, never a third party's; undefined if there is none. */
export function findDebianMirror(folder = "/etc/apt"): DebianMirror | undefined {
  const keyring = KEYRINGS.find((path) => existsSync(path));
  const source = readSources(folder).find((candidate) => isDebian(candidate, readCodename()));
  return source && keyring ? { uri: source.uri, keyring } : undefined;
}

/**
 * Debian's archive has the machine's release as a suite with the component main, and is signed by Debian's
 * keyring or, in old one-line files that do not say, lies in a folder named debian.
 */
export function isDebian(source: AptSource, codename: string): boolean {
  const suites = codename === "" ? ["sid", "unstable", "testing"] : [codename];
  if (!suites.includes(source.suite) || !source.components.includes("main")) return false;
  if (source.signedBy !== "") return source.signedBy.includes("debian-archive");
  return /\/debian(\/|\.list|$)/.test(source.uri);
}

function readCodename(): string {
  const text = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (!/^ID="?debian"?$/m.test(text)) return "not-debian";
  return /^VERSION_CODENAME="?(\w+)"?$/m.exec(text)?.[1] ?? "";
}

function readSources(folder: string): AptSource[] {
  const parts = join(folder, "sources.list.d");
  const names = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  const files = [join(folder, "sources.list"), ...names].filter((path) => existsSync(path));
  return files.flatMap((path) => {
    if (path.endsWith(".sources")) return parseStanzas(readFileSync(path, "utf8"));
    return path.endsWith(".list") ? parseLines(readFileSync(path, "utf8")) : [];
  });
}

/** Reads the one-line format of sources.list(5). */
export function parseLines(text: string): AptSource[] {
  return text.split("\n").flatMap((line) => {
    const [, options = "", uri, suite, components] =
      /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line) ?? [];
    if (uri === undefined || suite === undefined || components === undefined) return [];
    const signedBy = /signed-by=(\S+)/i.exec(options)?.[1] ?? "";
    return [{ uri, suite, components: words(components), signedBy }];
  });
}

/** Reads the deb822 format of sources.list(5): stanzas of fields, continued by indented lines. */
export function parseStanzas(text: string): AptSource[] {
  const plain = text.replaceAll(/^#.*\n?/gm, "");
  return plain.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) =>
      new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, "im").exec(stanza)?.[1]?.trim() ?? "";
    if (!words(field("Types")).includes("deb") || /^(no|false|0)$/i.test(field("Enabled"))) return [];
    const [components, signedBy] = [words(field("Components")), field("Signed-By")];
    return words(field("URIs")).flatMap((uri) =>
      words(field("Suites")).map((suite) => ({ uri, suite, components, signedBy })),
    );
  });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
