import type { Call, Route } from "../api/route.ts";
import { refuseFindings } from "../report-violation.ts";
import { checkSchema } from "./check-schema.ts";
import { findSecrets } from "./find-secrets.ts";
import { type Finding, finding } from "./finding.ts";
import { loadSchemas, type SchemaName } from "./load-schemas.ts";

/**
 * Holds a request against Discord's schema, then against the rules it misses. A finding is recorded and refused with
 * 50035, as Discord would.
 */
export async function checkRequest(route: Route, call: Call): Promise<void> {
  const findings = await findingsIn(route, call);
  if (findings.length > 0) refuseFindings(call.world, call.route, findings);
}

async function findingsIn(route: Route, call: Call): Promise<readonly Finding[]> {
  const secrets = findSecrets(call.body, call.files);
  if (secrets.length > 0 || !route.schema) return secrets;
  const name = route.schema(call.body);
  if (name === undefined)
    return [finding(["type"], "BASE_TYPE_CHOICES", "is not one of the types there are")];
  const schemas = await loadSchemas();
  const findings = checkSchema(schemas[name], normalise(name, call.body));
  return findings.length > 0 ? findings : (route.rules?.(call) ?? []);
}

/** The schema has permissions as integers; Discord takes strings that read as such (discord-api-spec, README). */
function normalise(name: SchemaName, body: unknown): unknown {
  if (name !== "commands" || !Array.isArray(body)) return body;
  return body.map((command: unknown) => {
    if (typeof command !== "object" || command === null) return command;
    const permissions = "default_member_permissions" in command ? command.default_member_permissions : null;
    const isInteger = typeof permissions === "string" && /^\d+$/.test(permissions);
    return isInteger ? { ...command, default_member_permissions: Number(permissions) } : command;
  });
}
