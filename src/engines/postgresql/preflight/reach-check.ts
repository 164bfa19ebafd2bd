import { randomBytes } from "node:crypto";
import { Secret } from "../../../core/secret.ts";
import { sqlState } from "../errors.ts";
import { connectionString } from "../live/replication-role.ts";
import { asAdmin } from "../session.ts";
import { quoteName, quoteText } from "../sql.ts";
import type { Check, CheckContext } from "./check.ts";

/** How the source answered a connection of the target's: not at all, with a refusal, or as a server that it lets in. */
type Answer = "none" | "refused" | "lets-in";

/** SQLSTATE of a try that was ended by its limit, and of the target's connections. Source: PostgreSQL, appendix A. */
const NO_CONNECTION = /^(57014|08...)$/;
/** The target has no origins at all, which is a finding of its own. Source: PostgreSQL, appendix A. */
const NO_ORIGINS = "55000";

/**
 * What the target's libpq says, in English, of a connection without a password: the source asks for one, or says
 * something itself, after its severity and two spaces in any language. Source: libpq, `pqGetErrorNotice3`.
 */
function readAnswer(message: string): Answer {
  const lines = message.split("\n");
  const answered = lines.filter((line) => line.includes("no password supplied") || line.includes(":  "));
  if (answered.length === 0) return "none";
  return answered.every((line) => line.includes("pg_hba.conf")) ? "refused" : "lets-in";
}

/**
 * Lets the target connect to the source as its subscription will, as a role that does not exist and without a
 * password: neither server keeps anything of it, and no secret travels. The transaction is rolled back.
 */
async function tryReach({ input, target, limits }: CheckContext): Promise<Answer> {
  const nobody = `godwit_try_${randomBytes(6).toString("hex")}`;
  const connection = connectionString(input.source, nobody, new Secret("")).reveal();
  try {
    await target.query(
      `BEGIN; SET LOCAL lc_messages = 'C'; SET LOCAL statement_timeout = ${limits.reachMs};
       SET LOCAL log_min_messages = 'fatal'; SET LOCAL log_statement = 'none'`,
    );
    await target.query(
      `CREATE SUBSCRIPTION ${quoteName(nobody)} CONNECTION ${quoteText(connection)} PUBLICATION ${quoteName(nobody)}
       WITH (enabled = false, create_slot = false, copy_data = false, slot_name = NONE)`,
    );
    return "lets-in";
  } catch (error) {
    const state = sqlState(error) ?? "";
    if (state === NO_ORIGINS) return "lets-in";
    if (NO_CONNECTION.test(state)) return readAnswer(error instanceof Error ? error.message : "");
    throw error;
  } finally {
    await target.query("ROLLBACK");
  }
}

/** The way from the target to the source, which Godwit itself does not take: tried before anybody waits for a copy. */
export const reach: Check = async (context) => {
  const answer = await tryReach(context);
  if (answer === "lets-in") return [];
  const { source, targetServer } = context.input;
  const { host, port } = asAdmin(source.server);
  const [from, to] = [`Server ${targetServer.id}`, `server ${source.server.id} at ${host}, port ${port}`];
  const orCopy = "or choose to copy while read-only.";
  if (answer === "refused") {
    const summary = `${from} is not let in by ${to}, to read its changes.`;
    const remedy = `Add a line for the new server to pg_hba.conf of the old one, ${orCopy}`;
    return [{ check: "replication-refused", level: "blocker", summary, remedy }];
  }
  const summary = `${from} cannot connect to ${to}, to read its changes.`;
  const remedy = `Let the new server reach the old one (address, firewall), ${orCopy}`;
  return [{ check: "replication-unreachable", level: "blocker", summary, remedy }];
};
