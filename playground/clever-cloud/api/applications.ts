import type { Addon, Application } from "../model.ts";
import { refuse } from "../refusal.ts";
import { recordViolation } from "../report-violation.ts";
import { envOf } from "./addon-wire.ts";
import { applicationWire } from "./application-wire.ts";
import { deploymentV4Wire, deploymentWire } from "./deployment-wire.ts";
import { findApplication } from "./find.ts";
import type { Answer, Call } from "./operation.ts";

export function getApplication(call: Call): Answer {
  return { status: 200, body: applicationWire(call.world, findApplication(call)) };
}

export function getApplicationEnv(call: Call): Answer {
  return { status: 200, body: findApplication(call).env };
}

/** What linked add-ons put into an application ("clever-client.js, environment-transform.ts"). */
export function getApplicationAddonsEnv(call: Call): Answer {
  const body = linkedAddons(call, findApplication(call)).map((addon) => ({
    provider_id: addon.provider.id,
    addon_id: addon.id,
    addon_name: addon.name,
    env: envOf(addon),
  }));
  return { status: 200, body };
}

/** Applications that depend on applications are not played here: always none. */
export function getApplicationDependenciesEnv(call: Call): Answer {
  findApplication(call);
  return { status: 200, body: [] };
}

/** guess: all of the answer but `deploymentId`. A second one while the first is under way is a violation. */
export function redeploy(call: Call): Answer {
  const { world, where } = call;
  const application = findApplication(call);
  if (world.deployments.isDeploying(application)) {
    const message = `${application.id} is being deployed already`;
    recordViolation(world, { where, error: "double-deployment", message });
  }
  application.state = "SHOULD_BE_UP";
  const commit = call.query.get("commit") ?? undefined;
  const deployment = world.deployments.start(application, "Console", commit);
  const message = "The application has successfully been queued for redeploy";
  return {
    status: 200,
    body: { id: 201, message, type: "success", deploymentId: deployment?.id ?? world.ids.next("deployment") },
  };
}

/** Newest first. guess: the order. */
export function listDeployments(call: Call): Answer {
  const application = findApplication(call);
  const action = call.query.get("action");
  const all = action === null || action === "DEPLOY" ? call.world.deployments.of(application) : [];
  const offset = Number(call.query.get("offset") ?? 0);
  const limit = Number(call.query.get("limit") ?? 10);
  const page = all.toReversed().slice(offset, offset + limit);
  return { status: 200, body: page.map(deploymentWire) };
}

export function getDeployment(call: Call): Answer {
  const application = findApplication(call);
  const deployments = call.world.deployments.of(application);
  const deployment = deployments.find(({ id }) => id === call.params.deployment) ?? refuse("notFound");
  return { status: 200, body: deploymentV4Wire(application, deployment) };
}

function linkedAddons({ world }: Call, application: Application): Addon[] {
  return world.addons.all.filter(({ id }) => application.addonIds.has(id));
}
