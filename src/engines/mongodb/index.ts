import type { Engine } from "../../core/ports/engine.ts";
import { ALLOWED } from "../../core/verdict.ts";
import { capabilities } from "./capabilities.ts";
import { fingerprint, readCollections } from "./collections.ts";
import { copyData } from "./copy-data.ts";
import { environment } from "./environment.ts";
import { guarded } from "./errors.ts";
import { estimate } from "./estimate.ts";
import { fence, planFence, unfence } from "./fence.ts";
import { connectedSince, inspect, serverFacts } from "./inspect.ts";
import { preflight } from "./preflight.ts";
import { proveFence } from "./prove-fence.ts";
import { close, drop, provision } from "./provision.ts";
import { asAdmin, withSession } from "./session.ts";
import { verify } from "./verify.ts";

/** The engine for MongoDB, experimental: its name says so wherever it is offered. */
export function createMongodbEngine(): Engine {
  return {
    id: "mongodb",
    name: "MongoDB (experimental)",
    capabilities,
    judgeStrategy: () => ALLOWED,
    estimate,
    environment,
    ...lookingMethods(),
    ...targetMethods(),
    ...fenceMethods(),
    ...copyMethods(),
  };
}

type Looking = "serverFacts" | "inspect" | "preflight" | "connectedSince" | "schemaFingerprint";

function lookingMethods(): Pick<Engine, Looking> {
  return {
    serverFacts: (server, signal) =>
      guarded(`Looking at the server ${server.id}`, signal, () => serverFacts(server, signal)),
    inspect: (source, signal) =>
      guarded(`Looking at ${source.database}`, signal, () => inspect(source, signal)),
    preflight: (input, signal) =>
      guarded(`Checking ${input.source.database}`, signal, () => preflight(input, signal)),
    connectedSince: (database, signal) =>
      guarded(`Looking for sessions of ${database.database}`, signal, () => connectedSince(database, signal)),
    schemaFingerprint: ({ server, database }, signal) =>
      guarded(`Reading the definitions of ${database}`, signal, () =>
        withSession(asAdmin(server), { name: "godwit look", signal }, async (client) =>
          fingerprint(await readCollections(client, database)),
        ),
      ),
  };
}

function targetMethods(): Pick<Engine, "provision" | "drop" | "finish" | "close" | "copySchema"> {
  return {
    provision: (pair, _plan, call) =>
      guarded(`Creating ${pair.target.database}`, call.signal, () => provision(pair, call)),
    // Collections are made with their documents, and keep no statistics.
    copySchema: async () => undefined,
    finish: async () => undefined,
    drop: (database, signal) =>
      guarded(`Dropping ${database.database}`, signal, () => drop(database, signal)),
    close: (source, signal) => guarded(`Closing ${source.database}`, signal, () => close(source, signal)),
  };
}

function fenceMethods(): Pick<Engine, "planFence" | "fence" | "proveFence" | "unfence"> {
  return {
    planFence: (source, signal) =>
      guarded(`Reading the rights on ${source.database}`, signal, () => planFence(source, signal)),
    fence: (source, undo, holder, call) =>
      guarded(`Fencing ${source.database}`, call.signal, () => fence(source, undo, { holder, call })),
    proveFence: (source, hold, signal) =>
      guarded(`Testing the fence of ${source.database}`, signal, () => proveFence(source, hold, signal)),
    unfence: (source, undo, holder, signal) =>
      guarded(`Opening ${source.database} to writes`, signal, () =>
        unfence(source, undo, { holder, signal }),
      ),
  };
}

function copyMethods(): Pick<Engine, "copyData" | "verify"> {
  return {
    copyData: (pair, hold, call, journal) =>
      guarded(`Copying ${pair.source.database}`, call.signal, () => copyData(pair, hold, { call, journal })),
    verify: (pair, hold, call) =>
      guarded(`Comparing ${pair.source.database} with its copy`, call.signal, () => verify(pair, hold, call)),
  };
}
