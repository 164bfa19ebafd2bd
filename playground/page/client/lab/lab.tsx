import type { VNode } from "preact";
import type { DemoState } from "../../demo-state.ts";
import { Icon } from "../draw/icon.tsx";
import { DatabaseCard } from "./database-card.tsx";
import { FailureSwitch } from "./failure-switch.tsx";
import { PlatformCard } from "./platform-card.tsx";
import { ShopCard } from "./shop-card.tsx";

interface LabProps {
  readonly demo: DemoState;
  /** Platforms that Godwit is not connected to. */
  readonly missing: readonly string[];
}

/** What really happens, beside the chat. */
export function Lab({ demo, missing }: LabProps): VNode {
  return (
    <aside class="lab" aria-label="What really happens">
      <header class="lab-header">
        <h2>What really happens</h2>
        <p>Real servers beside the chat</p>
      </header>
      {missing.length > 0 && (
        <div class="lab-warning" role="status">
          <Icon name="plug" /> Godwit is not connected to {missing.join(" and ")}.
        </div>
      )}
      <section class="lab-section" aria-label="Databases">
        <h3>Databases</h3>
        {demo.databases.length === 0 && <p class="lab-quiet">The servers are starting.</p>}
        {demo.databases.map((database) => (
          <DatabaseCard key={`${database.server}/${database.database}`} database={database} />
        ))}
      </section>
      {demo.shop && <ShopCard shop={demo.shop} />}
      {demo.failableSteps.length > 0 && <FailureSwitch demo={demo} />}
      {demo.platform && <PlatformCard platform={demo.platform} />}
      {demo.notes.length > 0 && (
        <section class="lab-section" aria-label="Notes">
          <ul class="lab-notes">
            {demo.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}
