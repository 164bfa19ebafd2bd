import type { VNode } from "preact";
import type { DatabaseRole, DemoDatabase } from "../../demo-state.ts";
import { Icon, type IconName } from "../draw/icon.tsx";
import { memo } from "../store/memo.tsx";
import { formatBytes, formatCount } from "./format.ts";

const roles: Readonly<Record<DatabaseRole, { icon: IconName; className: string }>> = {
  "in use": { icon: "check", className: "role-used" },
  new: { icon: "circle", className: "role-new" },
  "old, closed": { icon: "lock", className: "role-old" },
};

/** One database as its server reports it. */
export const DatabaseCard = memo<{ database: DemoDatabase }>(({ database }) => {
  const { icon, className } = roles[database.role];
  return (
    <div class={`db-card ${className}`}>
      <div class="db-top">
        <Icon name="database" size={18} />
        <span class="db-name">{database.database}</span>
        <span class="db-role">
          <Icon name={icon} size={12} /> {database.role}
        </span>
      </div>
      <div class="db-server">
        {database.version}{" "}
        <span class="db-place">
          {database.server} · {database.zone}
        </span>
      </div>
      {(database.rows !== null || database.sizeBytes !== null) && (
        <dl class="db-numbers">
          <Fact name="rows" value={database.rows === null ? "…" : formatCount(database.rows)} />
          <Fact name="on disk" value={database.sizeBytes === null ? "…" : formatBytes(database.sizeBytes)} />
        </dl>
      )}
    </div>
  );
});

function Fact({ name, value }: { name: string; value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
