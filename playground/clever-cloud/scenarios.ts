import type { Role } from "./auth/tokens.ts";
import type { Plot } from "./migration/plot.ts";
import type { Addon, Application } from "./model.ts";
import type { DeploymentEnd } from "./state/deployments.ts";
import type { World } from "./world.ts";

interface Failing {
  /** The step; DUMP_AND_RESTORE unless told otherwise. */
  readonly at?: string;
  readonly message?: string;
  readonly addon?: Addon;
}

/** What happens to the next migrations and requests, in a line each. Finer things: `next` and `faults`. */
export class Scenarios {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** The next migration goes like this. @param addon only one of this add-on */
  next(plot: Plot, addon?: Addon): void {
    this.#world.plots.next(plot, addon);
  }

  /** Forgets everything that was to happen and has not yet. */
  clear(): void {
    this.#world.plots.clear();
    this.#world.deployments.clear();
    this.#world.faults.clear();
  }

  /** A step fails, the platform goes back, the old database is in service again. */
  failAndRecover({ addon, ...plot }: Failing & { readonly recoveringMs?: number } = {}): void {
    this.next({ ...plot, end: "recovered" }, addon);
  }

  /** A step fails and the platform puts nothing back. */
  failForGood({ addon, ...plot }: Failing = {}): void {
    this.next({ ...plot, end: "failed" }, addon);
  }

  /** A step fails, and so does the way back. */
  failRecovery({ addon, ...plot }: Failing = {}): void {
    this.next({ ...plot, end: "recovery-failed" }, addon);
  }

  /** The platform itself gives up. */
  abort({ addon, ...plot }: Failing = {}): void {
    this.next({ ...plot, end: "aborted" }, addon);
  }

  /** A step fails, and the way back never ends. */
  stayRecovering({ addon, ...plot }: Failing = {}): void {
    this.next({ ...plot, end: "recovering" }, addon);
  }

  /** The next migration cannot be cancelled, however early. */
  refuseCancel(addon?: Addon): void {
    this.next({ cancel: "too-late" }, addon);
  }

  /** Every further request answers 401, on both hosts. */
  expireTokens(): void {
    this.#world.tokens.revoke(this.#world.settings.token);
    this.#world.tokens.revoke(this.#world.tokens.oauth.token);
  }

  /** Requests that the role may not make answer 403 from now on, on both hosts. */
  changeRole(role: Role): void {
    this.#world.tokens.issue(this.#world.settings.token, role);
    this.#world.tokens.issue(this.#world.tokens.oauth.token, role);
  }

  /** The step stays RUNNING until `release()`. */
  holdAt(step: string, addon?: Addon): void {
    this.next({ holdAt: step }, addon);
  }

  release(): void {
    this.#world.runner.release();
  }

  /** A step that no list knows appears. */
  unknownStep(name: string, after: string): void {
    this.next({ unknownStep: { name, after } });
  }

  /** The migration starts, and its answer never comes: the connection is cut, or stays silent. */
  loseStartAnswer(how: "cut" | "silent" | "503" = "cut"): void {
    const faults = {
      cut: { acceptedButDropped: true },
      silent: { acceptedButTimesOut: true },
      "503": { acceptedButStatus: 503 },
    } as const;
    this.#world.faults.next("startMigration", faults[how]);
  }

  /** The next requests, whatever they are, answer 503. */
  unavailable(times: number): void {
    this.#world.faults.next("*", { status: 503 }, { times });
  }

  /** The next requests answer 429. @param retryAfter seconds */
  throttle(times: number, retryAfter: number): void {
    this.#world.faults.next("*", { status: 429, retryAfter }, { times });
  }

  /** Every request takes this long, in milliseconds of real time, until `faults.clear()`. */
  slowAnswers(latencyMs: number): void {
    this.#world.faults.always("*", { latencyMs });
  }

  /** How the application's next deployments end. */
  deployments(application: Application, ...ends: readonly DeploymentEnd[]): void {
    this.#world.deployments.script(application, ...ends);
  }
}
