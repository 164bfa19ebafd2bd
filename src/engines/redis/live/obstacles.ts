import type { LiveObstacle } from "../../../core/ports/engine.ts";
import type { Info } from "../info.ts";

/** What keeps a server from being replicated, as far as it says so itself. */
export function readLiveObstacles(info: Info): LiveObstacle[] {
  const obstacles: LiveObstacle[] = [];
  if (info.get("role") !== undefined && info.get("role") !== "master")
    obstacles.push({
      check: "source-is-replica",
      summary: "The server is itself a replica, and follows another one.",
      remedy: "Name its primary server in godwit.yaml.",
    });
  if (info.get("cluster_enabled") === "1")
    obstacles.push({
      check: "cluster-mode",
      summary: "The server is a node of a cluster, and Godwit moves single servers.",
      remedy: "Move the cluster with its own tools.",
    });
  return obstacles;
}
