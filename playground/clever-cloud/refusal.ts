import type { Json } from "./model.ts";

/**
 * Error answers. Their shape `{ id, message, type: "error" }` and the numbers 11001, 4002 and -500 are those of the real
 * API ("clever-tools, issues 139 and 15", "terraform-provider-clevercloud, issue 296", "application/create.go").
 *
 * guess: the other numbers and sentences, and the statuses of 11001 and 4002. The sentence of `versionChange` is real
 * ("elasticsearch/crud.go"), its number and status are not known.
 */
const refusals = {
  unauthorized: { status: 401, id: 2001, message: "You are not authenticated." },
  forbidden: { status: 403, id: 2002, message: "You don't have the rights to do this." },
  notFound: { status: 404, id: 404, message: "Not found" },
  badRequest: { status: 400, id: 400, message: "The request is invalid." },
  unknownAddon: { status: 404, id: 11_001, message: "This addon does not exist." },
  unknownApplication: {
    status: 404,
    id: 4002,
    message: "The provided application id doesn't belong to you",
  },
  unknownMigration: { status: 404, id: 11_101, message: "This migration does not exist." },
  unknownPlan: { status: 404, id: 11_002, message: "This plan does not exist." },
  unavailableZone: { status: 400, id: 11_102, message: "This plan is not available in this region." },
  versionChange: { status: 400, id: 11_103, message: "Version changes are not supported" },
  unknownVersion: { status: 400, id: 11_104, message: "This version is not available." },
  downgrade: {
    status: 400,
    id: 11_105,
    message: "Downgrades are not supported, please contact the support.",
  },
  notMigratable: { status: 400, id: 11_106, message: "This addon can't be migrated." },
  zoneChange: { status: 400, id: 11_109, message: "Region changes are not supported" },
  notReady: { status: 400, id: 11_107, message: "This addon is not ready yet." },
  alreadyRunning: { status: 409, id: 11_108, message: "A migration is already running for this addon." },
  tooLate: { status: 400, id: 11_110, message: "This migration can't be aborted anymore." },
  noResource: { status: 503, id: -500, message: "Error from provider" },
} as const;

/** What DEV plans answer where there is no shared cluster for them, word for word ("issue 296"). */
export function noResourceIn(zone: string): string {
  const message = `No resource available to provision an addon on ${zone}.`;
  return `Error from provider: ${JSON.stringify([{ id: "error", message, config: {} }])}`;
}

export type RefusalName = keyof typeof refusals;

/** An error answer, thrown inside an operation and turned into the HTTP answer in one place. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Json;

  constructor(name: RefusalName, message: string = refusals[name].message) {
    super(message);
    this.name = "Refusal";
    this.status = refusals[name].status;
    this.body = { id: refusals[name].id, message, type: "error" };
  }
}

export function refuse(name: RefusalName, message?: string): never {
  throw new Refusal(name, message);
}
