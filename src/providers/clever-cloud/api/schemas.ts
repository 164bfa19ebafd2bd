import { z } from "zod";
import { Secret } from "../../../core/secret.ts";

/*
 * What Godwit reads of Clever Cloud's answers; fields that it does not need are not looked at. Shapes: CleverCloud's
 * clever-client.js, clever-components (captured answers) and terraform-provider-clevercloud, as of mid-2026.
 */

const text = z.string();
const maybeText = z.string().nullish();
/** What passwords are in is wrapped at once. */
const secret = z.string().transform((value) => new Secret(value));

/** One fact about a plan, such as its memory. Numbers come as text, and sizes in bytes. */
const featureSchema = z.object({
  name_code: maybeText,
  name: maybeText,
  value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  computable_value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
});
export type Feature = z.output<typeof featureSchema>;

const planSchema = z.object({
  id: text,
  name: text,
  slug: text,
  /** Per month, and out of date: the price system is what counts. */
  price: z.number().nullish(),
  price_id: maybeText,
  /** Empty: the plan is not offered any more. */
  zones: z.array(text).nullish(),
  features: z.array(featureSchema).nullish(),
});
export type ApiPlan = z.output<typeof planSchema>;

const addonSchema = z.object({
  id: text,
  name: maybeText,
  realId: text,
  region: text,
  provider: z.object({ id: text }),
  plan: planSchema,
  /** Milliseconds since 1970. */
  creationDate: z.number(),
});
export type ApiAddon = z.output<typeof addonSchema>;
export const addonsSchema = z.array(addonSchema);
export const oneAddonSchema = addonSchema;

const userSchema = z.union([
  z.string().transform(() => null),
  z
    .object({ user: maybeText, username: maybeText, name: maybeText })
    .transform(({ user, username, name }) => user ?? username ?? name ?? null),
]);

/** The engine's own view of an add-on; names of users are kept, their passwords never read. */
export const detailsSchema = z.object({
  version: z.union([z.string(), z.number()]).nullish(),
  status: maybeText,
  host: secret.nullish(),
  database: secret.nullish(),
  read_only_users: z.array(userSchema).nullish(),
});
export type ApiDetails = z.output<typeof detailsSchema>;

export const versionsSchema = z.object({
  dedicated: z.record(text, z.unknown()).nullish(),
  clusters: z.array(z.object({ zone: text, version: z.union([z.string(), z.number()]) })).nullish(),
});
export type ApiVersions = z.output<typeof versionsSchema>;

export const productSchema = z.object({
  id: text,
  canUpgrade: z.boolean().nullish(),
  plans: z.array(planSchema),
});
export type ApiProduct = z.output<typeof productSchema>;

export const zonesSchema = z.array(
  z.object({
    name: text,
    city: maybeText,
    displayName: maybeText,
    tags: z.array(text).nullish(),
  }),
);
export type ApiZone = z.output<typeof zonesSchema>[number];

export const pricesSchema = z.object({
  currency: maybeText,
  /** `price` is for one hour (`time_unit` "PT1H"). */
  runtime: z.array(z.object({ slug_id: text, price: z.coerce.number(), time_unit: maybeText })),
});
/** `isList`: the public price list, because the organisation's own prices may not be read. */
export type ApiPrices = z.output<typeof pricesSchema> & { readonly isList: boolean };

export const variablesSchema = z.array(z.object({ name: text, value: secret }));
export type ApiVariable = z.output<typeof variablesSchema>[number];

export const applicationsSchema = z.array(
  z.object({ id: text, name: text, zone: maybeText, state: maybeText }),
);
export type ApiApplication = z.output<typeof applicationsSchema>[number];

export const deploymentsSchema = z.array(
  z.object({
    uuid: maybeText,
    /** Milliseconds since 1970, or ISO. */
    date: z.union([z.number(), z.string()]).transform((value) => new Date(value)),
    /** WIP, OK, FAIL, CANCELLED, TASK_RUNNING, QUEUED; others may come. */
    state: text,
    action: maybeText,
  }),
);
export type ApiDeployment = z.output<typeof deploymentsSchema>[number];

/** ISO with microseconds. */
const date = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)))
  .transform((value) => new Date(value));

const stepSchema = z.object({
  value: text,
  status: text,
  startDate: date.nullish(),
  endDate: date.nullish(),
  message: maybeText,
});
export type PlatformStep = z.output<typeof stepSchema>;

export const migrationSchema = z.object({
  migrationId: text,
  requestDate: date,
  /** RUNNING, OK, FAILED, ABORTED, RECOVERING, RECOVERED; others may come. */
  status: text,
  /** In the order in which they began; empty at first. */
  steps: z.array(stepSchema).nullish(),
});
export type PlatformMigration = z.output<typeof migrationSchema>;
export const migrationsSchema = z.array(migrationSchema);
