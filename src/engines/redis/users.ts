import type { Redis } from "ioredis";

/** A user of the server, as ACL LIST writes it, without what is known of its passwords. */
export interface User {
  readonly name: string;
  readonly isOn: boolean;
  readonly hasPassword: boolean;
  /** Keys, channels and commands of the user itself, such as `~*`, `&*`, `+@all`. */
  readonly keys: readonly string[];
  readonly commands: readonly string[];
  /** Further rights, each in parentheses. */
  readonly selectors: readonly string[];
}

const FLAG = /^(on|off|nopass|sanitize-payload|skip-sanitize-payload|#[0-9a-f]+)$/;

/** Splits a user's rules at blanks, except within the parentheses of a selector. */
function splitRules(text: string): string[] {
  return text.match(/\([^)]*\)|[^\s()]+/g) ?? [];
}

function parseUser(line: string): User {
  const [, name = "", rest = ""] = /^user (\S+) ?(.*)$/s.exec(line) ?? [];
  const rules = splitRules(rest);
  const plain = rules.filter((rule) => !rule.startsWith("(") && !FLAG.test(rule));
  return {
    name,
    isOn: rules.includes("on"),
    hasPassword: rules.some((rule) => rule.startsWith("#")),
    keys: plain.filter((rule) => !/^[+-]/.test(rule)),
    commands: plain.filter((rule) => /^[+-]/.test(rule)),
    selectors: rules.filter((rule) => rule.startsWith("(")),
  };
}

/** Every user of the server. */
export async function readUsers(client: Redis): Promise<User[]> {
  return ((await client.call("ACL", "LIST")) as string[]).map(parseUser);
}

export async function findUser(client: Redis, name: string): Promise<User | undefined> {
  return (await readUsers(client)).find((user) => user.name === name);
}

/** Changes a user's rules; a user that does not exist is made. */
export async function setUser(client: Redis, name: string, rules: readonly string[]): Promise<void> {
  await client.call("ACL", "SETUSER", name, ...rules);
}

export async function deleteUser(client: Redis, name: string): Promise<void> {
  await client.call("ACL", "DELUSER", name);
}

/**
 * Keeps users over a restart: in the server's file of users, or else in its configuration file. Resolves with
 * false when it has neither, or cannot write it.
 */
export async function keepUsers(client: Redis): Promise<boolean> {
  for (const command of [
    ["ACL", "SAVE"],
    ["CONFIG", "REWRITE"],
  ] as const) {
    const [name, verb] = command;
    const isDone = await client.call(name, verb).then(
      () => true,
      () => false,
    );
    if (isDone) return true;
  }
  return false;
}
