import { uuidOf } from "../catalog/catalog.ts";
import type { Application } from "../model.ts";
import type { World } from "../world.ts";

/** An application as /v2 tells it ("clever-client.js, application-transform.ts"). guess: everything but its identity. */
export function applicationWire(world: World, application: Application): unknown {
  const deployments = world.deployments.of(application);
  return {
    id: application.id,
    ownerId: application.ownerId,
    name: application.name,
    description: application.name,
    zone: application.zone,
    zoneId: uuidOf(`zone ${application.zone}`),
    instance: instanceWire(),
    deployment: {
      shutdownable: false,
      type: "GIT",
      repoState: "CREATED",
      url: `git+ssh://git@push-n3-par-clevercloud-customers.services.clever-cloud.com/${application.id}.git`,
      httpUrl: `https://push-n3-par-clevercloud-customers.services.clever-cloud.com/${application.id}.git`,
    },
    vhosts: [{ fqdn: `${application.id.replace("_", "-")}.cleverapps.io` }],
    creationDate: application.createdAtMs,
    last_deploy: deployments.at(-1)?.index ?? 0,
    archived: false,
    stickySessions: false,
    homogeneous: false,
    favourite: false,
    cancelOnPush: false,
    separateBuild: false,
    buildFlavor: flavorWire(),
    state: application.state,
    commitId: deployments.at(-1)?.commit ?? application.commit,
    appliance: null,
    branch: "master",
    branches: ["master"],
    forceHttps: "ENABLED",
    env: application.env,
  };
}

function instanceWire(): unknown {
  return {
    type: "node",
    version: "20260101",
    variant: { id: uuidOf("variant node"), slug: "node", name: "Node.js", deployType: "node", logo: "" },
    minInstances: 1,
    maxInstances: 1,
    maxAllowedInstances: 40,
    minFlavor: flavorWire(),
    maxFlavor: flavorWire(),
    flavors: [flavorWire()],
    defaultEnv: {},
    lifetime: "REGULAR",
  };
}

function flavorWire(): unknown {
  return {
    name: "XS",
    mem: 1024,
    cpus: 1,
    gpus: 0,
    disk: null,
    price: 0.02,
    available: true,
    microservice: false,
    machine_learning: false,
    nice: 0,
    price_id: "apps.XS",
    memory: { unit: "B", value: 1_073_741_824, formatted: "1024 MiB" },
  };
}
