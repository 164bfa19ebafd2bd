import type { Redis } from "ioredis";
import type { PreflightInput } from "../../../core/ports/engine.ts";
import type { Finding } from "../../../core/preflight.ts";
import { readDatabases, readInfo } from "../info.ts";
import { asAdmin, withSession } from "../session.ts";
import { readVersion } from "../versions.ts";
import type { Check, CheckedSide } from "./check.ts";
import { DATA_CHECKS } from "./data-checks.ts";
import { PLACE_CHECKS } from "./place-checks.ts";
import { SERVER_CHECKS } from "./server-checks.ts";
import { USER_CHECKS } from "./user-checks.ts";

const NAME = "godwit check";

const CHECKS: readonly Check[] = [...SERVER_CHECKS, ...USER_CHECKS, ...PLACE_CHECKS, ...DATA_CHECKS];

/** Looks for everything that could go wrong between a server and the one that its add-on is to move to. */
export function preflight(input: PreflightInput, signal: AbortSignal): Promise<readonly Finding[]> {
  const options = { name: NAME, signal };
  return withSession(asAdmin(input.source.server), options, (from) =>
    withSession(asAdmin(input.targetServer), options, async (to) => {
      const [source, target] = await Promise.all([look(from), look(to)]);
      const databases = await readDatabases(from);
      const findings: Finding[] = [];
      for (const check of CHECKS) findings.push(...(await check({ input, source, target, databases })));
      return findings;
    }),
  );
}

async function look(client: Redis): Promise<CheckedSide> {
  const info = await readInfo(client, "server", "memory", "replication", "cluster", "persistence");
  return { client, info, version: readVersion(info).version };
}
