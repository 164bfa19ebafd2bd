import {
  actions,
  button,
  confirm,
  mrkdwn,
  option,
  options,
  plain,
  rich,
  section,
  select,
  task,
  times,
} from "./slack-block-makers.ts";

/** What Slack refuses, the JSON pointer it names, and blocks that do it. */
export const refusedBlocks: [string, string, object[]][] = [
  ["a section of 3,001 characters", "/blocks/0/text/text", [section(times(3001))]],
  ["an empty section", "/blocks/0", [{ type: "section" }]],
  ["an empty text", "/blocks/0/text/text", [section("")]],
  [
    "eleven fields",
    "/blocks/0/fields",
    [{ type: "section", fields: Array.from({ length: 11 }, () => mrkdwn("x")) }],
  ],
  [
    "a field of 2,001 characters",
    "/blocks/0/fields/0/text",
    [{ type: "section", fields: [mrkdwn(times(2001))] }],
  ],
  ["a header of 151 characters", "/blocks/0/text/text", [{ type: "header", text: plain(times(151)) }]],
  ["a header in mrkdwn", "/blocks/0/text/type", [{ type: "header", text: mrkdwn("x") }]],
  [
    "eleven context elements",
    "/blocks/0/elements",
    [{ type: "context", elements: Array.from({ length: 11 }, () => mrkdwn("x")) }],
  ],
  [
    "26 actions",
    "/blocks/0/elements",
    [actions(...Array.from({ length: 26 }, (_, index) => button({ action_id: `b${index}` })))],
  ],
  ["51 blocks", "/blocks", Array.from({ length: 51 }, () => ({ type: "divider" }))],
  [
    "a button text of 76 characters",
    "/blocks/0/elements/0/text/text",
    [actions(button({ text: plain(times(76)) }))],
  ],
  [
    "a button value of 2,001 characters",
    "/blocks/0/elements/0/value",
    [actions(button({ value: times(2001) }))],
  ],
  ["a button url of 3,001 characters", "/blocks/0/elements/0/url", [actions(button({ url: times(3001) }))]],
  ["an unknown button style", "/blocks/0/elements/0/style", [actions(button({ style: "default" }))]],
  [
    "an accessibility label of 76 characters",
    "/blocks/0/elements/0/accessibility_label",
    [actions(button({ accessibility_label: times(76) }))],
  ],
  ["an unknown key", "/blocks/0", [{ ...section("x"), colour: "red" }]],
  ["an unknown block", "/blocks/0/type", [{ type: "progress_bar" }]],
  [
    "a confirm title of 101 characters",
    "/blocks/0/elements/0/confirm/title/text",
    [actions(button({ confirm: confirm({ title: plain(times(101)) }) }))],
  ],
  [
    "a confirm text of 301 characters",
    "/blocks/0/elements/0/confirm/text/text",
    [actions(button({ confirm: confirm({ text: plain(times(301)) }) }))],
  ],
  [
    "a confirm button of 31 characters",
    "/blocks/0/elements/0/confirm/confirm/text",
    [actions(button({ confirm: confirm({ confirm: plain(times(31)) }) }))],
  ],
  ["101 options", "/blocks/0/elements/0/options", [actions(select({ options: options(101) }))]],
  ["no options", "/blocks/0/elements/0/options", [actions(select({ options: [] }))]],
  [
    "options and groups at once",
    "/blocks/0/elements/0/options",
    [actions(select({ options: options(1), option_groups: [{ label: plain("g"), options: options(1) }] }))],
  ],
  [
    "an option text of 76 characters",
    "/blocks/0/elements/0/options/0/text/text",
    [actions(select({ options: [option("v", times(76))] }))],
  ],
  [
    "an option value of 76 characters",
    "/blocks/0/elements/0/options/0/value",
    [actions(select({ options: [option(times(76), "t")] }))],
  ],
  [
    "an initial option that is not offered",
    "/blocks/0/elements/0/initial_option",
    [actions(select({ options: options(2), initial_option: option("v9") }))],
  ],
  [
    "an initial option with another text",
    "/blocks/0/elements/0/initial_option",
    [actions(select({ options: options(2), initial_option: option("v1", "other") }))],
  ],
  [
    "eleven radio buttons",
    "/blocks/0/elements/0/options",
    [actions({ type: "radio_buttons", options: options(11) })],
  ],
  [
    "eleven checkboxes",
    "/blocks/0/elements/0/options",
    [actions({ type: "checkboxes", options: options(11) })],
  ],
  [
    "six overflow options",
    "/blocks/0/elements/0/options",
    [actions({ type: "overflow", options: options(6) })],
  ],
  [
    "a date of eleven digits",
    "/blocks/0/elements/0/initial_date_time",
    [actions({ type: "datetimepicker", initial_date_time: 17_000_000_000 })],
  ],
  [
    "two blocks with one block_id",
    "/blocks/1/block_id",
    [
      { type: "divider", block_id: "a" },
      { type: "divider", block_id: "a" },
    ],
  ],
  ["two elements with one action_id", "/blocks/0/elements/1/action_id", [actions(button(), button())]],
  ["a block_id of 256 characters", "/blocks/0/block_id", [{ type: "divider", block_id: times(256) }]],
  [
    "an action_id of 256 characters",
    "/blocks/0/elements/0/action_id",
    [actions(button({ action_id: times(256) }))],
  ],
  ["an alert in a message", "/blocks/0/type", [{ type: "alert", text: mrkdwn("x") }]],
  [
    "101 table rows",
    "/blocks/0/rows",
    [{ type: "table", rows: Array.from({ length: 101 }, () => [{ type: "raw_text", text: "a" }]) }],
  ],
  [
    "21 table columns",
    "/blocks/0/rows/0",
    [{ type: "table", rows: [Array.from({ length: 21 }, () => ({ type: "raw_text", text: "a" }))] }],
  ],
  ["two tables", "/blocks", [1, 2].map(() => ({ type: "table", rows: [[{ type: "raw_text", text: "a" }]] }))],
  ["markdown of 12,001 characters", "/blocks/0/text", [{ type: "markdown", text: times(12_001) }]],
  [
    "two markdown blocks of 12,001 characters together",
    "/blocks",
    [
      { type: "markdown", text: times(12_000) },
      { type: "markdown", text: "x" },
    ],
  ],
  [
    "an unknown task status",
    "/blocks/0/tasks/0/status",
    [{ type: "plan", title: "p", tasks: [task({ status: "done" })] }],
  ],
  ["task details as a text", "/blocks/0/details", [task({ details: "text" })]],
  ["an unknown rich_text element", "/blocks/0/elements/0/elements/0/type", [rich({ type: "mention" })]],
  [
    "an image without alternative text",
    "/blocks/0/alt_text",
    [{ type: "image", image_url: "https://example.com/a.png" }],
  ],
  [
    "an input label of 2,001 characters",
    "/blocks/0/label/text",
    [{ type: "input", label: plain(times(2001)), element: { type: "plain_text_input" } }],
  ],
  [
    "a placeholder of 151 characters",
    "/blocks/0/element/placeholder/text",
    [
      {
        type: "input",
        label: plain("l"),
        element: { type: "plain_text_input", placeholder: plain(times(151)) },
      },
    ],
  ],
  [
    "a max_length of 3,001",
    "/blocks/0/element/max_length",
    [{ type: "input", label: plain("l"), element: { type: "plain_text_input", max_length: 3001 } }],
  ],
  [
    "a button in an input block",
    "/blocks/0/element/type",
    [{ type: "input", label: plain("l"), element: button() }],
  ],
];
