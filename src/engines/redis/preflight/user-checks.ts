import type { Redis } from "ioredis";
import { isMark } from "../marks.ts";
import { asAdmin, isAdministrator } from "../session.ts";
import { findUser, readUsers, type User } from "../users.ts";
import { blocker, type Check, warning } from "./check.ts";

/** What Godwit does on each side, as its user must be allowed to. */
const ON_SOURCE = [
  "ACL SETUSER a",
  "CONFIG SET a b",
  "EVAL_RO a 0",
  "SCAN 0",
  "DUMP a",
  "PEXPIRETIME a",
  "MEMORY USAGE a",
  "CLIENT KILL ID 1",
];
const ON_TARGET = [
  "ACL SETUSER a",
  "ACL SAVE",
  "CONFIG REWRITE",
  "FLUSHALL",
  "RESTORE a 0 b",
  "EVAL a 0",
  "FUNCTION LOAD a",
];

async function missingRights(client: Redis, user: string, commands: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    commands.map((command) => client.call("ACL", "DRYRUN", user, ...command.split(" ")).catch(String)),
  );
  return commands
    .filter((_, index) => answers[index] !== "OK")
    .map((command) => command.replace(/ [a-b0-9].*$/, ""));
}

const mayAdminister: Check = async ({ input, source, target }) => {
  const sides = [
    { client: source.client, server: input.source.server, commands: ON_SOURCE },
    { client: target.client, server: input.targetServer, commands: ON_TARGET },
  ];
  const findings = await Promise.all(
    sides.map(async ({ client, server, commands }) => {
      const user = asAdmin(server).username;
      const missing = await missingRights(client, user, commands);
      if (missing.length === 0) return [];
      const summary = `Godwit's user ${user} on ${server.id} may not use ${missing.join(", ")}.`;
      return [
        blocker("administrator-rights", summary, `Run ACL SETUSER ${user} +@all ~* &* on ${server.id}.`),
      ];
    }),
  );
  return findings.flat();
};

/** The application's password on the new server would be Godwit's own. */
const isApart: Check = async ({ input: { source, targetServer, target } }) => {
  const { username, server, password } = source;
  if (!isAdministrator({ server: targetServer, username })) return [];
  if (target?.password.reveal() === asAdmin(targetServer).password) return [];
  if (isAdministrator({ server, username }) && password.reveal() === asAdmin(targetServer).password)
    return [];
  const summary = `Godwit administers ${targetServer.id} as ${username}, and the application connects as ${username} too.`;
  const remedy = `Give Godwit a user of its own, ACL SETUSER godwit on >PASSWORD ~* &* +@all, and write it into the url of ${targetServer.id} in godwit.yaml.`;
  return [blocker("administrator-is-user", summary, remedy)];
};

const isKnown: Check = async ({ input: { source }, source: { client } }) => {
  const user = await findUser(client, source.username);
  if (user?.isOn) return [];
  const summary = `There is no user ${source.username} on ${source.server.id} that may log in.`;
  return [blocker("user-missing", summary, "Correct the add-on's user in godwit.yaml.")];
};

const areRightsKnown: Check = async ({ input, source, target }) => {
  const user = await findUser(source.client, input.source.username);
  if (user === undefined) return [];
  const unknown = await unknownRules(target.client, user);
  if (unknown.length === 0) return [];
  const summary = `The user ${user.name} has rights that the new server does not know: ${unknown.join(", ")}.`;
  return [
    blocker(
      "user-rights",
      summary,
      `Take them from the user with ACL SETUSER ${user.name} on the old server.`,
    ),
  ];
};

async function unknownRules(client: Redis, { commands, selectors }: User): Promise<string[]> {
  const categories = new Set(((await client.call("ACL", "CAT")) as string[]).map((name) => `@${name}`));
  categories.add("@all");
  const inner = selectors.flatMap((selector) => selector.slice(1, -1).split(" "));
  const rules = [...commands, ...inner].filter((rule) => /^[+-]/.test(rule)).map((rule) => rule.slice(1));
  const known = await Promise.all(
    rules.map(async (rule) => {
      if (rule.startsWith("@")) return categories.has(rule);
      const [info] = (await client.call("COMMAND", "INFO", rule)) as unknown[];
      return Array.isArray(info);
    }),
  );
  return rules.filter((_, index) => !known[index]);
}

const areOthersCarried: Check = async ({ input, source }) => {
  const own = new Set([input.source.username, asAdmin(input.source.server).username]);
  const others = (await readUsers(source.client)).filter(
    ({ name, isOn, hasPassword }) => isOn && hasPassword && !own.has(name) && !isMark(name),
  );
  if (others.length === 0) return [];
  const names = others.map(({ name }) => name).join(", ");
  const summary = `The users ${names} are not carried over, and can no longer log in to the old server after the switch.`;
  return [warning("other-users", summary, "Make them on the new server with passwords of their own.")];
};

/** Godwit's own rights, and the application's. */
export const USER_CHECKS: readonly Check[] = [
  mayAdminister,
  isApart,
  isKnown,
  areRightsKnown,
  areOthersCarried,
];
