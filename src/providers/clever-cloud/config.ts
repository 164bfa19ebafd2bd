import { z } from "zod";
import type { MaintenanceWindow } from "../../core/maintenance.ts";
import type { Secret } from "../../core/secret.ts";
import { duration, id, isUrl, record, secret, text } from "../../validation/fields.ts";
import { maintenanceSchema } from "../../validation/maintenance.ts";

/** What Godwit shows Clever Cloud to be let in. */
export type Credentials =
  /** An API token, made in the console or by `clever tokens create`. Only the bridge takes it. */
  | { readonly kind: "token"; readonly token: Secret }
  | {
      readonly kind: "oauth";
      readonly consumerKey: string;
      readonly consumerSecret: Secret;
      readonly token: Secret;
      readonly tokenSecret: Secret;
    };

/** How often a migration is looked at, by how long it has run; each with 20 % jitter. */
export interface PollTimes {
  /** In the first 30 s. */
  readonly firstMs: number;
  /** Until 10 minutes. */
  readonly laterMs: number;
  /** Afterwards. */
  readonly slowMs: number;
}

/** An organisation at Clever Cloud. */
export interface CleverCloudConfig {
  readonly kind: "clever-cloud";
  readonly name: string;
  /** `orga_…` or `user_…`. */
  readonly owner: string;
  readonly credentials: Credentials;
  /** The day on which the credentials run out, where the operator wrote it down. */
  readonly expires: Date | null;
  /** Base URL without a slash at its end. */
  readonly api: string;
  /** Whether Elasticsearch is offered too; the platform's own advice is to ask support first. */
  readonly elasticsearch: boolean;
  /** When its add-ons may be touched each week; null where nobody has said. */
  readonly maintenance?: MaintenanceWindow | null;
  readonly poll: PollTimes;
  /** How long a linked application's deployment may take to begin. */
  readonly deployWithinMs: number;
  /** How long a migration may take before support is asked to look, where none of the add-on tells how long it takes. */
  readonly deadlineMs: number;
  /** Support is never asked to look before this; 30 min unless set. */
  readonly leastDeadlineMs?: number;
  /** How long the platform may refuse to tell of a migration before a person has to look; 2 min unless set. */
  readonly refusedForMs?: number;
}

const BRIDGE = "https://api-bridge.clever-cloud.com";
const API = "https://api.clever-cloud.com";
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

const oauthSchema = record({
  consumerKey: text("${CLEVER_CONSUMER_KEY}"),
  consumerSecret: secret("write it like ${CLEVER_CONSUMER_SECRET}, in quotes"),
  token: secret("write it like ${CLEVER_TOKEN}, in quotes"),
  tokenSecret: secret("write it like ${CLEVER_TOKEN_SECRET}, in quotes"),
});

const pollSchema = record({
  first: duration("3s").prefault("3s"),
  later: duration("10s").prefault("10s"),
  slow: duration("30s").prefault("30s"),
});

const schema = record({
  kind: z.literal("clever-cloud"),
  name: id("clever-cloud").prefault("clever-cloud"),
  owner: text("orga_…").regex(/^(orga|user)_[A-Za-z0-9-]+$/, {
    error: "is not an organisation; copy its ID from the console, it begins with orga_ or user_",
  }),
  token: secret("write it like ${CLEVER_API_TOKEN}, in quotes").optional(),
  oauth: oauthSchema.optional(),
  expires: text("2027-05-31")
    .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, {
      error: "is not a day; write it like 2027-05-31",
    })
    .optional(),
  api: text(BRIDGE)
    .refine(isSafe, { error: `is not an https URL; write it like ${BRIDGE}` })
    .optional(),
  elasticsearch: z.boolean({ error: "is not true or false; write true or false" }).default(false),
  maintenance: maintenanceSchema.optional(),
  poll: pollSchema.prefault({}),
  deployWithin: duration("5m").prefault("5m"),
  deadline: duration("6h").prefault("6h"),
});
type Checked = z.output<typeof schema>;

/** The schema of a `clever-cloud` entry. */
export function configSchema() {
  return schema.superRefine(requireOneWayIn, { when: () => true }).transform(toConfig);
}

/** A token that goes over plain http can be read on its way; only this machine is near enough. */
function isSafe(value: string): boolean {
  if (!isUrl(value, ["https:", "http:"])) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === "https:" || LOOPBACK.test(hostname);
}

function requireOneWayIn(value: unknown, context: z.core.$RefinementCtx): void {
  const { token, oauth } = (value ?? {}) as Partial<Checked>;
  if ((token === undefined) !== (oauth === undefined)) return;
  const message =
    token === undefined
      ? "is missing; write it like ${CLEVER_API_TOKEN}, in quotes, or give oauth instead"
      : "stands beside oauth; keep one of the two";
  context.addIssue({ code: "custom", path: ["token"], message, input: undefined });
}

function toConfig({
  maintenance,
  token,
  oauth,
  expires,
  api,
  poll,
  deployWithin,
  deadline,
  ...rest
}: Checked): CleverCloudConfig {
  return {
    ...rest,
    maintenance: maintenance ?? null,
    credentials: oauth ? { kind: "oauth", ...oauth } : { kind: "token", token: token as Secret },
    expires: expires === undefined ? null : new Date(`${expires}T00:00:00Z`),
    api: (api ?? (oauth ? API : BRIDGE)).replace(/\/+$/, ""),
    poll: { firstMs: poll.first, laterMs: poll.later, slowMs: poll.slow },
    deployWithinMs: deployWithin,
    deadlineMs: deadline,
  };
}
