/** Short makers of blocks for tests; loosely typed so that they can also make what Slack refuses. */
export const plain = (text: string) => ({ type: "plain_text", text });
export const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
export const section = (text: string) => ({ type: "section", text: mrkdwn(text) });
export const option = (value: string, text = value) => ({ text: plain(text), value });
export const button = (change: object = {}) => ({
  type: "button",
  action_id: "b",
  text: plain("Go"),
  ...change,
});
export const actions = (...elements: object[]) => ({ type: "actions", elements });
export const select = (change: object) => ({ type: "static_select", action_id: "s", ...change });
export const options = (count: number) => Array.from({ length: count }, (_, index) => option(`v${index}`));
export const rich = (...elements: object[]) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements }],
});
export const task = (change: object = {}) => ({
  type: "task_card",
  task_id: "t",
  title: "Copy",
  status: "pending",
  ...change,
});
export const confirm = (change: object = {}) => ({
  title: plain("Sure?"),
  text: plain("Really"),
  confirm: plain("Yes"),
  deny: plain("No"),
  ...change,
});
export const times = (count: number, text = "x") => text.repeat(count);
