import { parseArgs } from "node:util";
import type { Engine } from "../../core/ports/engine.ts";
import { engines } from "../../engines/index.ts";
import { parseDuration, parseSize } from "../../validation/units.ts";
import { BadInput } from "../usage.ts";
import { parseSwitchAt, type SwitchTime } from "./live/switch-time.ts";

const OPTIONS = {
  engine: { type: "string", default: "postgresql" },
  from: { type: "string" },
  to: { type: "string" },
  owner: { type: "string" },
  strategy: { type: "string", default: "dump" },
  "switch-at": { type: "string" },
  "switch-limit": { type: "string" },
  "replication-limit": { type: "string" },
  jobs: { type: "string", default: "4" },
  json: { type: "boolean", default: false },
  resume: { type: "boolean", default: false },
  unfence: { type: "boolean", default: false },
} as const;

/** As godwit.yaml has them when it says nothing. */
const SWITCH_LIMIT = "60s";
const REPLICATION_LIMIT = "16GiB";

/** What only a live copy is told. */
export interface LiveOrder {
  readonly when: SwitchTime;
  readonly switchLimitMs: number;
  readonly backlogLimitBytes: number;
}

/** `godwit copy` as it was typed. */
export interface CopyOrder {
  readonly engine: Engine;
  readonly from: string;
  /** Absent when only what a copy has left is to be taken away. */
  readonly to: string | undefined;
  readonly owner: string | undefined;
  /** Null for a copy under the fence. */
  readonly live: LiveOrder | null;
  readonly json: boolean;
  readonly resumes: boolean;
  readonly unfences: boolean;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

/** Reads the arguments; URLs also from the environment. Throws `BadInput`. */
export function parseOrder(args: readonly string[], now: Date): CopyOrder {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const from = values.from ?? process.env["GODWIT_FROM_URL"];
  const to = values.to ?? process.env["GODWIT_TO_URL"];
  if (!from) throw new BadInput("godwit copy needs --from or GODWIT_FROM_URL.");
  if (!URL.canParse(from)) throw new BadInput("--from is no URL.");
  if (!to && !values.unfence) throw new BadInput("godwit copy needs --to or GODWIT_TO_URL.");
  if (to && !URL.canParse(to)) throw new BadInput("--to is no URL.");
  const { owner, json, resume: resumes, unfence: unfences } = values;
  const engine = engineOf(values);
  return { engine, from, to, owner, live: liveOrderOf(values, engine, now), json, resumes, unfences };
}

function engineOf(values: Values): Engine {
  const make = engines[values.engine];
  const jobs = Number(values.jobs);
  if (!make)
    throw new BadInput(`there is no engine “${values.engine}”; there is ${Object.keys(engines).join(", ")}.`);
  if (!Number.isInteger(jobs) || jobs < 1) throw new BadInput("--jobs is a whole number from 1 up.");
  return make({ jobs });
}

function liveOrderOf(values: Values, engine: Engine, now: Date): LiveOrder | null {
  if (values.strategy === "dump") return refuseLiveOptions(values);
  if (values.strategy !== "live") throw new BadInput("--strategy is dump or live.");
  if (!engine.replication) throw new BadInput(`${engine.name} knows only --strategy dump.`);
  const switchLimitMs = parseDuration(values["switch-limit"] ?? SWITCH_LIMIT);
  const backlogLimitBytes = parseSize(values["replication-limit"] ?? REPLICATION_LIMIT);
  if (!switchLimitMs) throw new BadInput("--switch-limit is a duration such as 60s.");
  if (!backlogLimitBytes) throw new BadInput("--replication-limit is a size such as 16GiB.");
  return { when: parseSwitchAt(values["switch-at"], now), switchLimitMs, backlogLimitBytes };
}

function refuseLiveOptions(values: Values): null {
  for (const name of ["switch-at", "switch-limit", "replication-limit"] as const)
    if (values[name] !== undefined) throw new BadInput(`--${name} belongs to --strategy live.`);
  return null;
}
