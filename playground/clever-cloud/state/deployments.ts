import type { Application, Deployment, DeploymentState } from "../model.ts";
import type { World } from "../world.ts";

/** How a deployment ends; `never` means that the platform does not begin one. */
export type DeploymentEnd = "OK" | "FAIL" | "CANCELLED" | "never";

export class Deployments {
  readonly all: Deployment[] = [];
  readonly #world: World;
  readonly #ends = new Map<string, DeploymentEnd[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Oldest first. */
  of(application: Application): Deployment[] {
    return this.all.filter(({ applicationId }) => applicationId === application.id);
  }

  /** How the application's next deployments end, first written first used. */
  script(application: Application, ...ends: readonly DeploymentEnd[]): void {
    this.#ends.set(application.id, [...(this.#ends.get(application.id) ?? []), ...ends]);
  }

  /** Forgets how further ones were to end. */
  clear(): void {
    this.#ends.clear();
  }

  /** Begins one; undefined when it is scripted never to begin. */
  start(application: Application, cause: string, commit = application.commit): Deployment | undefined {
    const end = this.#ends.get(application.id)?.shift() ?? "OK";
    if (end === "never") return undefined;
    const deployment: Deployment = {
      id: this.#world.ids.next("deployment"),
      index: this.of(application).length + 1,
      applicationId: application.id,
      startedAtMs: this.#world.clock.now(),
      cause,
      commit,
      state: "QUEUED",
      history: [],
    };
    this.all.push(deployment);
    this.#follow(deployment, end);
    return deployment;
  }

  isDeploying(application: Application): boolean {
    return this.of(application).some(({ state }) => state === "QUEUED" || state === "WIP");
  }

  #follow(deployment: Deployment, end: DeploymentState): void {
    const { clock, settings } = this.#world;
    const halfMs = settings.pace.deploymentMs / 2;
    this.#enter(deployment, "QUEUED");
    clock.schedule(halfMs, () => {
      this.#enter(deployment, "WIP");
      clock.schedule(halfMs, () => this.#enter(deployment, end));
    });
  }

  #enter(deployment: Deployment, state: DeploymentState): void {
    deployment.state = state;
    deployment.history.push({ state, atMs: this.#world.clock.now() });
    this.#world.feed.emit({ kind: "deployment", deployment });
  }
}
