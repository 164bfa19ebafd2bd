import type { Replication } from "../../../core/ports/replication.ts";
import { guarded } from "../errors.ts";
import type { BareTargets } from "../schema/copy-schema.ts";
import { verify } from "../verify/verify.ts";
import { drain } from "./drain.ts";
import { endReplication } from "./end.ts";
import { lag } from "./lag.ts";
import { lookAgain, resumeReplication, startReplication } from "./start.ts";

/** Replication by the servers' own binary log, with a copy of our own. */
export function createReplication(jobs: number, bare: BareTargets): Replication {
  return {
    start: (pair, plan, call) =>
      guarded(`Replicating ${pair.source.database}`, call.signal, () =>
        startReplication(pair, plan, { call, jobs, bare }),
      ),
    resume: (pair, plan, signal) =>
      guarded(`Going on with the replication of ${pair.source.database}`, signal, () =>
        resumeReplication(pair, plan, signal),
      ),
    lag: (pair, plan, signal) =>
      guarded(`Looking at the replication of ${pair.source.database}`, signal, () => lag(pair, plan, signal)),
    prepareSwitch: (pair, plan, call) =>
      guarded(`Preparing the switch of ${pair.source.database}`, call.signal, () =>
        lookAgain(pair, plan, call),
      ),
    drain: (pair, plan, under) =>
      guarded(`Waiting for the last changes of ${pair.source.database}`, under.call.signal, () =>
        drain(pair, plan, under),
      ),
    verify: (pair, _plan, { hold, call }) =>
      guarded(`Comparing ${pair.source.database} with its copy`, call.signal, () =>
        verify(pair, hold, { call, jobs }),
      ),
    end: (pair, id, signal) =>
      guarded(`Ending the replication of ${pair.source.database}`, signal, () =>
        endReplication(pair, id, signal),
      ),
  };
}
