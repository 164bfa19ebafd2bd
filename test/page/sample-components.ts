export function text(content: string) {
  return { type: 10, content };
}

const option = (value: string, label: string, description?: string) => ({
  value,
  label,
  ...(description === undefined ? {} : { description }),
});

const label = (words: string, component: object, description?: string) => ({
  type: 18,
  label: words,
  component,
  ...(description === undefined ? {} : { description }),
});

/** The form as Godwit shows it: every kind of field, a text, at most five parts. */
export const form = {
  custom_id: "form",
  title: "Migrate a database",
  components: [
    text("**orders** is PostgreSQL 15.18 on plan S, 41.4 MiB on disk.\n-# Prices are before tax."),
    label(
      "New plan",
      {
        type: 3,
        custom_id: "plan",
        placeholder: "Choose a plan",
        options: [
          option("pg-s", "S", "1 GiB memory, 10 GiB disk, 19.50 EUR"),
          option("pg-m", "M", "4 GiB memory, 40 GiB disk, 98.00 EUR"),
          option("pg-l", "L", "16 GiB memory, 160 GiB disk, 390.00 EUR"),
        ],
      },
      "Only plans that hold the database are offered.",
    ),
    label("Strategy", {
      type: 21,
      custom_id: "strategy",
      options: [
        { ...option("live", "Live", "Replicate first, read-only for seconds"), default: true },
        option("dump", "Dump", "Copy inside the read-only window"),
      ],
    }),
    label("Reason", {
      type: 4,
      custom_id: "reason",
      style: 1,
      placeholder: "Why now?",
      min_length: 5,
    }),
    label("Tell", {
      type: 22,
      custom_id: "notify",
      required: false,
      min_values: 0,
      max_values: 2,
      options: [option("owner", "The owner"), option("support", "Support")],
    }),
  ],
};

const row = (...components: object[]) => ({ type: 1, components });
const button = (style: number, words: string, custom_id: string) => ({
  type: 2,
  style,
  label: words,
  custom_id,
});

/** The plan as Godwit posts it, with the buttons that decide. */
export const planParts = [
  {
    type: 17,
    accent_color: 0x5865f2,
    components: [
      text(
        "## Migrate orders\n**Database:** orders (`addon_orders`), 41.4 MiB on disk\n**Version:** PostgreSQL 15.18 to 18\n**New plan:** M: 2 vCPUs, 4 GiB memory, 40 GiB disk\n**Strategy:** live",
      ),
      { type: 14, spacing: 1, divider: true },
      text(
        "**What this does**\n- The database is **read-only for about 1 to 4 seconds**: it can be read, and writes are refused.\n- Hostname, port, database name, user and password change.\n- **Shop** reads the add-on's environment variables: it follows by itself and is restarted.\n- The old database is kept, read-only, for 72 hours after success.\n-# Asked for by <@200000000000000001>, valid until <t:1893456000:f>.",
      ),
      row(button(4, "Migrate the database", "confirm"), button(2, "Cancel", "cancel")),
    ],
  },
];

/** The progress card, while it runs and when a step failed. */
export function progressParts(state: "running" | "failed"): object[] {
  const step = state === "running" ? "▶ **Replicate** · 61 % · 0:04" : "✖ **Replicate** · failed";
  return [
    {
      type: 17,
      accent_color: state === "running" ? 0x3498db : 0xda373c,
      components: [
        text(
          `### Migrating orders to PostgreSQL 18\n✔ Check · 0:01\n✔ Make the new database · 0:02\n✔ Copy the schema · 0:01\n${step}\n○ Make the old database read-only\n○ Compare both databases\n○ Switch over\n○ Restart the applications`,
        ),
        text("-# 96,020 of 148,213 rows · 21 MiB/s"),
      ],
    },
  ];
}

export function failureParts(supportRole: string): object[] {
  return [
    {
      type: 17,
      accent_color: 0xda373c,
      components: [
        text(
          `<@&${supportRole}> The migration of **orders** failed at step 4 of 8, **Replicate**.\n\n**orders** is back in service on pg15, and writes are open.\n- Add-on \`addon_orders\`\n- Error \`E_SLOT_LOST\``,
        ),
        row(
          button(1, "Retry from this step", "retry"),
          button(2, "Return to the old database", "return"),
          button(3, "Acknowledge", "acknowledge"),
        ),
      ],
    },
  ];
}
