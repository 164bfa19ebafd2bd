import type { DemoAction, DemoState } from "../../playground/page/start-page.ts";

/** A demo that never changes by itself; tests change it. */
export interface SampleDemo {
  state: DemoState;
  readonly actions: DemoAction[];
  readonly getDemoState: () => DemoState;
  readonly onDemoAction: (action: DemoAction) => Promise<void>;
}

/** Seconds 41 to 43 of the minute are the read-only window. */
const history = Array.from({ length: 60 }, (_, second) =>
  second > 40 && second < 44 ? 0 : 46 + (second % 7),
);
const refusedHistory = history.map((writes) => (writes === 0 ? 48 : 0));

export function sampleDemo(change: Partial<DemoState> = {}): SampleDemo {
  const actions: DemoAction[] = [];
  const demo: SampleDemo = {
    state: { ...sampleState, ...change },
    actions,
    getDemoState: () => demo.state,
    onDemoAction: async (action) => {
      actions.push(action);
      if (action.type === "fail-at") demo.state = { ...demo.state, failAt: action.step };
      else if (demo.state.platform)
        demo.state = { ...demo.state, platform: { ...demo.state.platform, scenario: action.name } };
    },
  };
  return demo;
}

const sampleState: DemoState = {
  databases: [
    {
      server: "pg15",
      version: "PostgreSQL 15.18",
      zone: "par",
      database: "orders",
      rows: 148_213,
      sizeBytes: 43_450_000,
      role: "in use",
    },
    {
      server: "pg18",
      version: "PostgreSQL 18.4",
      zone: "par",
      database: "orders",
      rows: 96_020,
      sizeBytes: 28_110_000,
      role: "new",
    },
  ],
  shop: {
    writesPerSecond: 49.4,
    accepted: 12_408,
    refused: 144,
    connectedTo: "orders on pg15",
    history,
    refusedHistory,
    lastRefusedWindowMs: 2_870,
  },
  failableSteps: [
    { name: "provision", title: "Create the new database" },
    { name: "copy-data", title: "Copy the data" },
    { name: "verify", title: "Compare old and new" },
    { name: "switch-over", title: "Switch over" },
  ],
  failAt: null,
  platform: {
    name: "Clever Cloud",
    addons: [
      {
        name: "reports",
        version: "PostgreSQL 15",
        plan: "XS Small Space",
        zone: "par",
        doing: "RUNNING: DUMP_AND_RESTORE",
      },
    ],
    scenarios: [
      { name: "recovered", title: "The copy fails, it returns by itself" },
      { name: "failed", title: "The copy fails, it does not return" },
    ],
    scenario: null,
  },
  notes: ["The shop writes to orders all the time, about 50 rows a second."],
};
