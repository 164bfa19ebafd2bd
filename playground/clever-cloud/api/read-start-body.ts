import type { Addon, Placement } from "../model.ts";
import { recordViolation, refuseViolation } from "../report-violation.ts";
import { placementOf } from "../state/migrations.ts";
import type { Call } from "./operation.ts";

const fields = ["planId", "region", "version"] as const;

/**
 * Where a POST wants the add-on to go. Console and Terraform always send all three, as strings; a request with less is a
 * violation.
 *
 * guess: what is left out stays as it is, since the OpenAPI marks nothing as required.
 * @throws Refusal 400 when it is not an object of strings, 404 when the plan is not known
 */
export function readStartBody(call: Call, addon: Addon): Placement {
  const body = asObject(call);
  for (const field of Object.keys(body).filter((name) => !fields.some((known) => known === name)))
    record(call, "unknown-field", field);
  for (const field of fields.filter((field) => body[field] === undefined))
    record(call, "missing-field", field);
  const present = placementOf(addon);
  const zone = readText(call, body, "region") ?? present.zone;
  const version = readText(call, body, "version") ?? present.version;
  const planId = readText(call, body, "planId") ?? present.plan.id;
  const plan = addon.provider.plans.find(({ id }) => id === planId) ?? refusePlan(call, planId);
  return { plan, zone, version };
}

function asObject(call: Call): Record<string, unknown> {
  const { body } = call;
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  return refuseBody(call, "the body is not a JSON object");
}

function readText(call: Call, body: Record<string, unknown>, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || typeof value === "string") return value;
  return refuseBody(call, `${field} is not a string`);
}

function refusePlan({ world, where }: Call, planId: string): never {
  const message = `${planId} is no plan of this provider`;
  refuseViolation(world, { where, error: "refused-target", message, refusal: "unknownPlan" });
}

function refuseBody({ world, where }: Call, message: string): never {
  refuseViolation(world, { where, error: "bad-request", message, refusal: "badRequest" });
}

function record({ world, where }: Call, error: "unknown-field" | "missing-field", field: string): void {
  recordViolation(world, { where, error, message: field });
}
