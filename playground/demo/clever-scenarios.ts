import type { Addon, Application, LocalCleverCloud } from "../clever-cloud/index.ts";

/** A local Clever Cloud with a database and an application on it. */
export interface CleverWorld {
  readonly clever: LocalCleverCloud;
  readonly addon: Addon;
  readonly application: Application;
}

/** What a visitor of the demo can make happen to the next migration there. */
interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly arrange: (world: CleverWorld) => void;
}

/** What was chosen; whatever it is, it happens once. */
export interface ScenarioSwitch {
  readonly chosen: string | null;
  /** @throws Error when there is no such scenario */
  choose(name: string | null): void;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "recovered",
    title: "The copy fails, it returns by itself",
    arrange: ({ clever }) => clever.scenarios.failAndRecover({ message: "disk full" }),
  },
  {
    name: "failed",
    title: "The copy fails, it does not return",
    arrange: ({ clever }) => clever.scenarios.failForGood({ message: "disk full" }),
  },
  {
    name: "lost-answer",
    title: "The answer to the order is lost",
    arrange: ({ clever }) => clever.scenarios.loseStartAnswer("cut"),
  },
  {
    name: "late-cancel",
    title: "A cancel is refused as too late",
    arrange: ({ clever }) => clever.scenarios.refuseCancel(),
  },
  {
    name: "unknown-step",
    title: "A step that nobody knows",
    arrange: ({ clever }) => clever.scenarios.unknownStep("WARM_UP_CACHES", "DUMP_AND_RESTORE"),
  },
  {
    name: "deployment",
    title: "The application does not come up",
    arrange: ({ clever, application }) => clever.scenarios.deployments(application, "FAIL"),
  },
];

/** Makes the switch; a migration that is over has used up what was chosen for it. */
export function createScenarioSwitch(world: CleverWorld): ScenarioSwitch {
  let chosen: string | null = null;
  world.clever.subscribe((change) => {
    if (change.kind === "migration" && change.migration.status !== "RUNNING") chosen = null;
  });
  return {
    get chosen() {
      return chosen;
    },
    choose(name) {
      const scenario = SCENARIOS.find((known) => known.name === name);
      if (name !== null && scenario === undefined) throw new Error(`There is no scenario ${name}.`);
      world.clever.scenarios.clear();
      scenario?.arrange(world);
      chosen = name;
    },
  };
}
