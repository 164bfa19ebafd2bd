import type { Json } from "./model.ts";

/** "Discord, JSON Error Codes", with the HTTP status each comes with. */
const refusals = {
  unauthorized: { status: 401, code: 0, message: "401: Unauthorized" },
  notFound: { status: 404, code: 0, message: "404: Not Found" },
  methodNotAllowed: { status: 405, code: 0, message: "405: Method Not Allowed" },
  unknownApplication: { status: 404, code: 10002, message: "Unknown Application" },
  unknownChannel: { status: 404, code: 10003, message: "Unknown Channel" },
  unknownGuild: { status: 404, code: 10004, message: "Unknown Guild" },
  unknownMember: { status: 404, code: 10007, message: "Unknown Member" },
  unknownMessage: { status: 404, code: 10008, message: "Unknown Message" },
  unknownWebhook: { status: 404, code: 10015, message: "Unknown Webhook" },
  unknownInteraction: { status: 404, code: 10062, message: "Unknown interaction" },
  oldMessageEdits: {
    status: 429,
    code: 30046,
    message: "Maximum number of edits to messages older than 1 hour reached. Try again later",
  },
  rateLimited: { status: 429, code: 0, message: "You are being rate limited." },
  alreadyAcknowledged: { status: 400, code: 40060, message: "Interaction has already been acknowledged." },
  badUserAgent: { status: 403, code: 40333, message: "internal network error" },
  missingAccess: { status: 403, code: 50001, message: "Missing Access" },
  notTheAuthor: { status: 403, code: 50005, message: "Cannot edit a message authored by another user" },
  emptyMessage: { status: 400, code: 50006, message: "Cannot send an empty message" },
  missingPermissions: { status: 403, code: 50013, message: "Missing Permissions" },
  wrongChannelType: { status: 400, code: 50024, message: "Cannot execute action on this channel type" },
  invalidToken: { status: 401, code: 50027, message: "Invalid Webhook Token" },
  invalidBody: { status: 400, code: 50035, message: "Invalid Form Body" },
  threadArchived: { status: 400, code: 50083, message: "Thread is archived" },
  invalidJson: {
    status: 400,
    code: 50109,
    message: "The request body contains invalid JSON.",
  },
  threadExists: { status: 400, code: 160004, message: "A thread has already been created for this message" },
  threadLocked: { status: 400, code: 160005, message: "Thread is locked" },
  tooManyThreads: { status: 400, code: 160006, message: "Maximum number of active threads reached" },
} as const;

export type RefusalName = keyof typeof refusals;

/** An error answer, thrown inside a route and turned into the HTTP answer in one place. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly details: Json;
  readonly headers: Readonly<Record<string, string>>;

  constructor(name: RefusalName, details: Json = {}, headers: Readonly<Record<string, string>> = {}) {
    super(refusals[name].message);
    this.name = "Refusal";
    this.status = refusals[name].status;
    this.code = refusals[name].code;
    this.details = details;
    this.headers = headers;
  }

  get body(): Json {
    return { message: this.message, code: this.code, ...this.details };
  }
}

/** 429 for a limit of one message or thread. @param seconds to wait */
export function refuseForNow(name: "rateLimited" | "oldMessageEdits", seconds: number): never {
  const headers = {
    "retry-after": String(Math.ceil(seconds)),
    "x-ratelimit-scope": "user",
    via: "1.1 google",
  };
  refuse(name, { retry_after: seconds, global: false }, headers);
}

export function refuse(
  name: RefusalName,
  details: Json = {},
  headers: Readonly<Record<string, string>> = {},
): never {
  throw new Refusal(name, details, headers);
}
