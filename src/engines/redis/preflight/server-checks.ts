import { compareVersions } from "../../../core/version.ts";
import { canFollow } from "../live/judge-live.ts";
import { readLiveObstacles } from "../live/obstacles.ts";
import { readMarks } from "../marks.ts";
import { readVersion, VERSIONS } from "../versions.ts";
import { blocker, type Check, warning } from "./check.ts";

/** The oldest Redis that Godwit moves: older ones tell no absolute expiry and have no functions or read-only scripts. */
const OLDEST = "7.0";

const isNewEnough: Check = async ({ source }) => {
  const number = source.info.get("redis_version") ?? "0";
  if (compareVersions(number, OLDEST) >= 0) return [];
  const summary = `The server runs Redis ${number}, and Godwit moves Redis from ${OLDEST} on.`;
  return [blocker("source-too-old", summary, `Upgrade it in place to Redis ${OLDEST} first.`)];
};

/** The form knows release lines; this looks at the exact versions too. */
const isUpgrade: Check = async ({ source, target }) => {
  const [from, to] = [readVersion(source.info).fullVersion, readVersion(target.info).fullVersion];
  const verdict = VERSIONS.judge({ name: "This add-on", version: from }, to);
  if (verdict.allowed) return [];
  return [blocker("target-older", verdict.refusal.summary, verdict.refusal.remedy)];
};

const isSingle: Check = async ({ source, target }) => [
  ...readLiveObstacles(source.info).map(({ check, summary, remedy }) => blocker(check, summary, remedy)),
  ...readLiveObstacles(target.info).map(({ check }) =>
    blocker(
      check.replace("source", "target"),
      "The new server is a replica or a node of a cluster.",
      "Name a single primary server in godwit.yaml.",
    ),
  ),
];

const isOpen: Check = async ({ source }) => {
  const [holder] = await readMarks(source.client, "fence");
  if (holder === undefined) return [];
  const summary = `The server is already kept from being written to, by ${holder}.`;
  return [blocker("already-fenced", summary, "Let that migration or copy end.")];
};

const mayFollow: Check = async ({ input, source, target }) => {
  if (input.strategy !== "live" || canFollow(source.version, target.version)) return [];
  const summary = "The new server does not understand the replication of the old one.";
  return [
    blocker("live-versions", summary, "Choose the strategy that copies while the server is read-only."),
  ];
};

const hasReplicas: Check = async ({ source }) => {
  const replicas = Number(source.info.get("connected_slaves") ?? 0);
  if (replicas === 0) return [];
  const summary = `The server has ${replicas === 1 ? "a replica" : `${replicas} replicas`}, which will not follow to the new server.`;
  return [
    warning(
      "replicas",
      summary,
      "Make replicas of the new server, and point what reads from the old ones to them.",
    ),
  ];
};

const isSaving: Check = async ({ source }) => {
  if (source.info.get("rdb_last_bgsave_status") !== "err") return [];
  const summary = "The server cannot save its data to its disk.";
  return [warning("snapshot-failing", summary, "Free space on its disk, so that a restart loses nothing.")];
};

/** Both servers as servers: versions, roles, fences. */
export const SERVER_CHECKS: readonly Check[] = [
  isNewEnough,
  isUpgrade,
  isSingle,
  isOpen,
  mayFollow,
  hasReplicas,
  isSaving,
];
