import type { VNode } from "preact";
import type { DemoAddon, DemoPlatform } from "../../demo-state.ts";
import { Icon } from "../draw/icon.tsx";
import { useDemoAction } from "./use-demo-action.ts";

const WELL = "";

/** The stand-in of a hosting platform: what it has, what it does, and what happens there next. */
export function PlatformCard({ platform }: { platform: DemoPlatform }): VNode {
  const act = useDemoAction();
  const { name, addons, scenarios, scenario } = platform;
  return (
    <section class="lab-section" aria-label={name}>
      <h3>{name}, a stand-in</h3>
      {addons.map((addon) => (
        <AddonCard key={addon.name} addon={addon} />
      ))}
      <label class="lab-choice">
        <span>Its next migration, which moves no data</span>
        <select
          class="lab-select"
          value={scenario ?? WELL}
          onChange={({ currentTarget }) => act({ type: "scenario", name: currentTarget.value || null })}
        >
          <option value={WELL}>goes well</option>
          {scenarios.map(({ name: value, title }) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}

function AddonCard({ addon }: { addon: DemoAddon }): VNode {
  return (
    <div class="db-card">
      <div class="db-top">
        <Icon name="database" size={18} />
        <span class="db-name">{addon.name}</span>
      </div>
      <div class="db-server">
        {addon.version}{" "}
        <span class="db-place">
          {addon.plan} · {addon.zone}
        </span>
      </div>
      <div class="platform-doing" title={addon.doing}>
        {addon.doing}
      </div>
    </div>
  );
}
