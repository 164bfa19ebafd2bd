import { randomBytes } from "node:crypto";
import { GodwitError } from "../../core/failure.ts";
import type { DatabaseAccess, OpenedUrls, ServerAccess, UrlOrder } from "../../core/ports/engine.ts";
import { Secret } from "../../core/secret.ts";
import { capabilities } from "./capabilities.ts";
import { readMarks } from "./marks.ts";
import { holdsAnything } from "./provision.ts";
import { asAdmin, spoken, withSession } from "./session.ts";

const NAME = "godwit look";
/** What a copy by URLs is called on its target. */
const COPY = "copy";

function refusal(code: string, summary: string, remedy: string): GodwitError {
  return new GodwitError({ code, summary, remedy });
}

function parseUrl(url: Secret, option: string): ServerAccess {
  const parsed = URL.canParse(url.reveal()) ? new URL(url.reveal()) : null;
  if (parsed === null || !capabilities.url.protocols.includes(parsed.protocol)) {
    const remedy = "Write it as redis://user:password@host:port, or rediss:// for TLS.";
    throw refusal("bad-url", `The URL given with ${option} names no Redis or Valkey.`, remedy);
  }
  const id = `${parsed.hostname}:${parsed.port || capabilities.url.defaultPort}`;
  return { id, adminUrl: url };
}

/** The servers behind two URLs. The application is who the URLs' users are, unless an owner is named. */
export async function openUrls(order: UrlOrder, signal: AbortSignal): Promise<OpenedUrls> {
  const [from, to] = [parseUrl(order.from, "--from"), parseUrl(order.to, "--to")];
  const source = accessOf(from, order.owner ?? asAdmin(from).username, new Secret(""));
  const made = order.ownerPassword ?? new Secret(randomBytes(24).toString("base64url"));
  const target = accessOf(to, order.owner ?? asAdmin(to).username, made);
  await withSession(asAdmin(from), { name: NAME, signal }, (client) => client.ping());
  if (from.id !== to.id) await refuseUsed(target, order.goesOn, signal);
  return { pair: { source, target }, handOver: async () => undefined };
}

function accessOf(server: ServerAccess, username: string, password: Secret): DatabaseAccess {
  const login = asAdmin(server);
  const known = login.username === username ? new Secret(login.password) : password;
  return { server, database: COPY, username, password: known };
}

/** A server that an earlier copy has taken is taken again: what it holds is a copy. */
async function refuseUsed(
  { server, database }: DatabaseAccess,
  goesOn: boolean,
  signal: AbortSignal,
): Promise<void> {
  await withSession(asAdmin(server), { name: NAME, signal }, async (client) => {
    const isOurs = goesOn && (await readMarks(client, "addon")).includes(spoken(database));
    if (isOurs || !(await holdsAnything(client))) return;
    const remedy = "Name an empty one, or empty it with FLUSHALL and FUNCTION FLUSH.";
    throw refusal("target-not-empty", `The server ${server.id} is not empty.`, remedy);
  });
}
