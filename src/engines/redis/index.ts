import type { Engine } from "../../core/ports/engine.ts";
import type { Strategy } from "../../core/target.ts";
import { ALLOWED, type Verdict } from "../../core/verdict.ts";
import { capabilities } from "./capabilities.ts";
import { connectedSince } from "./clients.ts";
import { close } from "./close.ts";
import { copyData } from "./copy/copy-data.ts";
import { drop } from "./drop.ts";
import { environment } from "./environment.ts";
import { guarded } from "./errors.ts";
import { estimate } from "./estimate.ts";
import { fence, unfence } from "./fence/fence.ts";
import { planFence } from "./fence/plan-fence.ts";
import { proveFence } from "./fence/prove-fence.ts";
import { inspect, serverFacts } from "./inspect.ts";
import { createReplication } from "./live/index.ts";
import { judgeLive } from "./live/judge-live.ts";
import { openUrls } from "./open-urls.ts";
import { preflight } from "./preflight/preflight.ts";
import { provision } from "./provision.ts";
import { verify } from "./verify/verify.ts";

function judgeStrategy(strategy: Strategy, facts: Parameters<Engine["judgeStrategy"]>[1]): Verdict {
  return strategy === "live" ? judgeLive(facts) : ALLOWED;
}

/** The engine for Redis and Valkey: moves what a server holds to a server of the same or a newer version. */
export function createRedisEngine(): Engine {
  return {
    id: "redis",
    name: "Redis",
    capabilities,
    judgeStrategy,
    estimate,
    environment,
    replication: createReplication(),
    ...lookingMethods(),
    ...targetMethods(),
    ...fenceMethods(),
    ...copyMethods(),
  };
}

type Looking = "openUrls" | "serverFacts" | "inspect" | "preflight" | "connectedSince" | "schemaFingerprint";

function lookingMethods(): Pick<Engine, Looking> {
  return {
    openUrls: (order, signal) => guarded("Looking at the two servers", signal, () => openUrls(order, signal)),
    serverFacts: (server, signal) =>
      guarded(`Looking at the server ${server.id}`, signal, () => serverFacts(server, signal)),
    inspect: (source, signal) =>
      guarded(`Looking at ${source.server.id}`, signal, () => inspect(source, signal)),
    preflight: (input, signal) =>
      guarded(`Checking ${input.source.server.id}`, signal, () => preflight(input, signal)),
    connectedSince: (database, signal) =>
      guarded(`Looking for sessions on ${database.server.id}`, signal, () =>
        connectedSince(database, signal),
      ),
    // There is no schema: functions are data, and are copied and compared as such.
    schemaFingerprint: async () => "",
  };
}

function targetMethods(): Pick<Engine, "provision" | "drop" | "finish" | "close" | "copySchema"> {
  return {
    provision: (pair, _plan, call) =>
      guarded(`Taking ${pair.target.server.id}`, call.signal, () => provision(pair, call)),
    copySchema: async () => undefined,
    drop: (database, signal) =>
      guarded(`Emptying ${database.server.id}`, signal, () => drop(database, signal)),
    finish: async () => undefined,
    close: (source, signal) => guarded(`Closing ${source.server.id}`, signal, () => close(source, signal)),
  };
}

function fenceMethods(): Pick<Engine, "planFence" | "fence" | "proveFence" | "unfence"> {
  return {
    planFence: (source, signal) =>
      guarded(`Reading the users of ${source.server.id}`, signal, () => planFence(source, signal)),
    fence: (source, undo, holder, call) =>
      guarded(`Fencing ${source.server.id}`, call.signal, () => fence(source, undo, { holder, call })),
    proveFence: (source, hold, signal) =>
      guarded(`Testing the fence of ${source.server.id}`, signal, () => proveFence(source, hold, signal)),
    unfence: (source, undo, holder, signal) =>
      guarded(`Opening ${source.server.id} to writes`, signal, () =>
        unfence(source, undo, { holder, signal }),
      ),
  };
}

function copyMethods(): Pick<Engine, "copyData" | "verify"> {
  return {
    copyData: (pair, hold, call, journal) =>
      guarded(`Copying ${pair.source.server.id}`, call.signal, () => copyData(pair, hold, { call, journal })),
    verify: (pair, hold, call) =>
      guarded(`Comparing ${pair.source.server.id} with its copy`, call.signal, () =>
        verify(pair, hold, { call }),
      ),
  };
}
