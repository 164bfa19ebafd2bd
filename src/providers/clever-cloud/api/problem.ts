import { type FailureClass, GodwitError } from "../../../core/failure.ts";

/** What came of a call that did not succeed. `unclear`: it may have had its effect. */
export type ProblemKind =
  | "token-refused"
  | "forbidden"
  | "not-found"
  | "already-running"
  | "rejected"
  | "busy"
  | "unreachable"
  | "unknown-answer";

/** A call to Clever Cloud that did not succeed, as a person should understand it. */
export class ApiProblem extends GodwitError {
  readonly kind: ProblemKind;
  /** How long the platform asked to wait; null when it did not. */
  readonly retryAfterMs: number | null;

  constructor(kind: ProblemKind, told: Told) {
    super({ code: `clever-cloud-${kind}`, class: CLASSES[kind], ...wordsOf(kind, told), cause: told.cause });
    this.name = "ApiProblem";
    this.kind = kind;
    this.retryAfterMs = told.retryAfterMs ?? null;
  }
}

/** What is known of the call. */
export interface Told {
  /** What the call was about, as an object of a sentence: `the add-on orders`. */
  readonly what: string;
  readonly owner: string;
  /** The platform's own words with its code; holds no secret. Empty when it gave none. */
  readonly reason?: string;
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/** A 503 that is no outage: a zone has no room or no such plan (terraform-provider-clevercloud, issue 296). */
const REFUSED_BY_PROVIDER = /^Error from provider/;

/** Which problem an HTTP status stands for; `reason` is the platform's text. */
export function kindOf(status: number, reason: string): ProblemKind {
  if (status === 401) return "token-refused";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 408) return "unreachable";
  if (status === 429) return "busy";
  if (REFUSED_BY_PROVIDER.test(reason)) return "rejected";
  if (status >= 500) return "unreachable";
  if (status === 409 || /migration.*(already|running|in progress)/i.test(reason)) return "already-running";
  return "rejected";
}

/** Whether the same call may succeed a moment later. */
export function mayPass(problem: unknown): problem is ApiProblem {
  return problem instanceof ApiProblem && problem.class === "transient";
}

const CLASSES: Readonly<Record<ProblemKind, FailureClass>> = {
  "token-refused": "permanent",
  forbidden: "permanent",
  "not-found": "permanent",
  "already-running": "permanent",
  rejected: "permanent",
  busy: "transient",
  unreachable: "transient",
  "unknown-answer": "permanent",
};

interface Words {
  readonly summary: string;
  readonly remedy: string;
}

/** `said` is the platform's own reason as a sentence, with a space before it; empty when it gave none. */
type Telling = (told: Told, said: string) => Words;

const WORDS: Readonly<Record<ProblemKind, Telling>> = {
  "token-refused": () => ({
    summary: "Clever Cloud does not take Godwit's token: it has run out, was revoked, or is mistyped.",
    remedy: "Ask an operator to make a new one, as docs/clever-cloud.md says, and to start Godwit again.",
  }),
  forbidden: ({ what, owner }, said) => ({
    summary: `Clever Cloud does not let Godwit read or change ${what}.${said}`,
    remedy: `Ask an administrator of ${owner} to give Godwit's user the role Manager or Admin there.`,
  }),
  "not-found": ({ what, owner }) => ({
    summary: `Clever Cloud does not know ${what}.`,
    remedy: `Look in the console whether it was deleted or moved out of ${owner}.`,
  }),
  "already-running": (_, said) => ({
    summary: `Clever Cloud is migrating this add-on already, and nothing was started.${said}`,
    remedy: "Follow it in the console; try again when it is over.",
  }),
  rejected: ({ what }, said) => ({
    summary: `Clever Cloud refused ${what}, and nothing was started.${said}`,
    remedy: "Do what it says, or ask its support with the add-on ID.",
  }),
  busy: () => ({
    summary: "Clever Cloud asks Godwit to call less often.",
    remedy: "Try again in a minute.",
  }),
  unreachable: ({ what }) => ({
    summary: `Clever Cloud's interface does not answer when asked for ${what}.`,
    remedy: "Try again in a few minutes; https://www.clevercloudstatus.com tells of incidents.",
  }),
  "unknown-answer": ({ what }) => ({
    summary: `Clever Cloud gave an answer about ${what} that Godwit does not understand.`,
    remedy: "Tell Godwit's operators: its log says what was unexpected.",
  }),
};

function wordsOf(kind: ProblemKind, told: Told): Words {
  const { reason = "" } = told;
  return WORDS[kind](told, reason === "" ? "" : ` It says: ${ended(reason)}`);
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
