import type { types } from "@slack/bolt";

export const plain = (text: string) => ({ type: "plain_text" as const, text });
export const option = (value: string) => ({ text: plain(`Option ${value}`), value });
export const section = (text: string) => ({
  type: "section" as const,
  text: { type: "mrkdwn" as const, text },
});

export function modalView(change: Partial<types.ModalView> = {}): types.ModalView {
  return {
    type: "modal",
    title: plain("Form"),
    submit: plain("Send"),
    blocks: [section("hello")],
    ...change,
  };
}

export function input(block: string, change: object = {}) {
  const element = { type: "plain_text_input" as const, action_id: block };
  return { type: "input" as const, block_id: block, label: plain(block), element, ...change };
}

export function select(block: string, values: string[], initial?: string) {
  return {
    type: "input" as const,
    block_id: block,
    label: plain(block),
    element: {
      type: "static_select" as const,
      action_id: block,
      options: values.map(option),
      ...(initial === undefined ? {} : { initial_option: option(initial) }),
    },
  };
}
