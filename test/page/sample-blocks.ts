import type { types } from "@slack/bolt";

const plain = (text: string) => ({ type: "plain_text" as const, text });

/** Rich text with `*bold*` pieces between asterisks. */
export function rich(text: string): types.RichTextBlock {
  const pieces = text.split("*").map((piece, index) => ({
    type: "text" as const,
    text: piece,
    ...(index % 2 === 1 ? { style: { bold: true } } : {}),
  }));
  const elements = pieces.filter((piece) => piece.text !== "");
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

function bullets(...items: string[]): types.RichTextBlock {
  const elements = items.flatMap((item) => rich(item).elements) as never;
  return { type: "rich_text", elements: [{ type: "rich_text_list", style: "bullet", elements }] };
}

/** The plan as Godwit posts it, with the buttons that decide. */
export const planBlocks: types.KnownBlock[] = [
  { type: "header", text: plain("Migrate orders") },
  rich(
    "*Database: *orders (addon_orders), 41.4 MiB on disk\n*Version: *PostgreSQL 15.18 to 18\n*New plan: *M: 2 vCPUs, 4 GiB memory, 40 GiB disk\n*Strategy: *live",
  ),
  rich("*What this does*"),
  bullets(
    "The database is *read-only for about 1 to 4 seconds*: it can be read, and writes are refused.",
    "Hostname, port, database name, user and password change.",
    "*Shop* reads the add-on's environment variables: it follows by itself and is restarted.",
    "The old database is kept, read-only, for 72 hours after success.",
  ),
  { type: "divider" },
  {
    type: "actions",
    elements: [
      {
        type: "button",
        action_id: "confirm",
        style: "primary",
        text: plain("Migrate the database"),
        value: "m1",
        confirm: {
          title: plain("Migrate orders now?"),
          text: plain("The database becomes read-only for about 1 to 4 seconds, and the shop is restarted."),
          confirm: plain("Migrate it"),
          deny: plain("Not now"),
        },
      },
      { type: "button", action_id: "cancel", text: plain("Cancel"), value: "m1" },
    ],
  },
  {
    type: "context",
    elements: [
      plain("Migration mig_7f3k2, checked"),
      { type: "mrkdwn", text: "<!date^1763820000^{date_short_pretty} {time}|then>" },
    ],
  },
];

type Status = types.TaskCardBlock["status"];

const titles = [
  "Check",
  "Create the new database",
  "Copy the structure",
  "Replicate",
  "Read-only",
  "Compare old and new",
  "Switch over",
  "Restart applications",
];

const details: Readonly<Record<Status, string>> = {
  complete: "Done in 1.2 s",
  in_progress:
    "In progress for 9.4 s · order_lines · 28.1 MiB of 41.4 MiB · 96,020 rows · 3.1 MiB/s · about 4.3 s left",
  pending: "Pending",
  error: "Failed after 9.9 s",
};

/** The progress card with so many steps done, and the next one in `current`. */
export function progressBlocks(done: number, current: Status = "in_progress"): types.KnownBlock[] {
  const statusOf = (index: number): Status =>
    index < done ? "complete" : index === done ? current : "pending";
  const tasks = titles.map((title, index) => ({
    type: "task_card" as const,
    task_id: `step-${index}`,
    title,
    status: statusOf(index),
    details: rich(details[statusOf(index)]),
  }));
  const step = titles[done];
  const title =
    step === undefined
      ? "Migrated orders"
      : `Migrating orders: step ${done + 1} of ${titles.length}, ${step}`;
  return [
    { type: "plan", title, tasks },
    { type: "context", elements: [plain("14 s in all · migration mig_7f3k2")] },
  ];
}

/** The page to support. */
export const failureBlocks: types.KnownBlock[] = [
  {
    type: "rich_text",
    elements: [
      {
        type: "rich_text_section",
        elements: [
          { type: "usergroup", usergroup_id: "S0SUPPORT" },
          { type: "text", text: ": please look at add-on " },
          { type: "text", text: "addon_orders", style: { code: true } },
          { type: "text", text: "." },
        ],
      },
    ],
  },
  { type: "header", text: plain("The migration of orders failed at step 4 of 8, Replicate") },
  rich(
    "*Error code: *REPLICATION_SLOT_LOST\n*What happened: *The replication slot was dropped on pg15.\n*The database now: *The old database is back in service and accepts writes. No data was lost.",
  ),
  {
    type: "actions",
    elements: [
      { type: "button", action_id: "retry", style: "primary", text: plain("Try again"), value: "m1" },
      { type: "button", action_id: "acknowledge", text: plain("Acknowledge"), value: "m1" },
    ],
  },
];
