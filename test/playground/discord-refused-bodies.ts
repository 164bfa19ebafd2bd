/** Makes bodies that Discord takes, and the changes that make it refuse them. */

const nobody = { parse: [] };
const v2 = 1 << 15;

export const text = (content = "x") => ({ type: 10, content });
export const button = (custom_id: string, more: object = {}) => ({
  type: 2,
  style: 1,
  label: custom_id,
  custom_id,
  ...more,
});
export const row = (...components: readonly object[]) => ({ type: 1, components });
export const option = (value: string, more: object = {}) => ({ label: value, value, ...more });
export const select = (options: readonly object[], more: object = {}) => ({
  type: 3,
  custom_id: "select",
  options,
  ...more,
});
export const label = (component: object, more: object = {}) => ({
  type: 18,
  label: "Label",
  component,
  ...more,
});
export const input = (custom_id: string, more: object = {}) => ({ type: 4, custom_id, style: 1, ...more });

export const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const message = (more: object) => ({ allowed_mentions: nobody, ...more });
const v2Message = (...components: readonly object[]) => message({ flags: v2, components });

export interface RefusedBody {
  readonly why: string;
  readonly body: object;
  /** Where the finding points, from the body's root. */
  readonly at: string;
}

export const refused = (why: string, at: string, body: object): RefusedBody => ({ why, at, body });

export const refusedMessages: readonly RefusedBody[] = [
  refused("content of 2001 characters", "/content", message({ content: "x".repeat(2001) })),
  refused(
    "content beside Components V2",
    "/content",
    message({ flags: v2, content: "x", components: [text()] }),
  ),
  refused(
    "embeds beside Components V2",
    "/embeds",
    message({ flags: v2, embeds: [{ title: "x" }], components: [text()] }),
  ),
  refused("Components V2 without the flag", "/components/0", message({ components: [text()] })),
  refused(
    "six rows without Components V2",
    "/components",
    message({ components: many(6, (n) => row(button(`b${n}`))) }),
  ),
  refused(
    "41 components with nested ones",
    "/components",
    v2Message(...many(4, () => ({ type: 17, components: many(10, () => text()) }))),
  ),
  refused(
    "4001 characters in all texts",
    "/components",
    v2Message(text("x".repeat(2000)), text("x".repeat(2001))),
  ),
  refused("a text of 4001 characters", "/components/0/content", v2Message(text("x".repeat(4001)))),
  refused(
    "one custom_id twice",
    "/components/0/components/1/custom_id",
    message({ components: [row(button("a"), button("a"))] }),
  ),
  refused("one id twice", "/components/1/id", v2Message({ ...text(), id: 3 }, { ...text(), id: 3 })),
  refused(
    "one option value twice",
    "/components/0/components/0/options/1/value",
    message({ components: [row(select([option("a"), option("a")]))] }),
  ),
  refused(
    "two defaults for one choice",
    "/components/0/components/0/options",
    message({ components: [row(select([option("a", { default: true }), option("b", { default: true })]))] }),
  ),
  refused(
    "more choices than options",
    "/components/0/components/0/max_values",
    message({ components: [row(select([option("a")], { max_values: 2 }))] }),
  ),
  refused(
    "26 options",
    "/components/0/components/0/options",
    message({ components: [row(select(many(26, (n) => option(`o${n}`))))] }),
  ),
  refused(
    "six buttons in a row",
    "/components/0/components",
    message({ components: [row(...many(6, (n) => button(`b${n}`)))] }),
  ),
  refused(
    "a select beside a button",
    "/components/0/components",
    message({ components: [row(button("a"), select([option("b")]))] }),
  ),
  refused(
    "a button label of 81 characters",
    "/components/0/components/0/label",
    message({ components: [row(button("a", { label: "x".repeat(81) }))] }),
  ),
  refused(
    "a button without label and emoji",
    "/components/0/components/0/label",
    message({ components: [row(button("a", { label: null }))] }),
  ),
  refused(
    "a button without custom_id",
    "/components/0/components/0/custom_id",
    message({ components: [row({ type: 2, style: 1, label: "x" })] }),
  ),
  refused(
    "a link without url",
    "/components/0/components/0/url",
    message({ components: [row({ type: 2, style: 5, label: "x" })] }),
  ),
  refused(
    "a field of modals in a message",
    "/components/0/components/0/type",
    message({ components: [row(input("a"))] }),
  ),
  refused(
    "a file that was not uploaded",
    "/components",
    v2Message({ type: 13, file: { url: "attachment://no.txt" } }),
  ),
  refused("a nonce of 26 characters", "/nonce", message({ content: "x", nonce: "x".repeat(26) })),
  refused("an enforced nonce that is missing", "/nonce", message({ content: "x", enforce_nonce: true })),
  refused("no word about mentions", "/allowed_mentions", { content: "x" }),
  refused("roles in parse and by id", "/allowed_mentions", {
    content: "x",
    allowed_mentions: { parse: ["roles"], roles: ["100000000000000001"] },
  }),
  refused("an unknown property", "/colour", message({ content: "x", colour: 1 })),
  refused("an unknown property of a component", "/components/0/colour", v2Message({ ...text(), colour: 1 })),
  refused("the ephemeral flag outside interactions", "/flags", message({ content: "x", flags: 64 })),
  refused(
    "a connection URI with a password",
    "/content",
    message({ content: "postgres://orders:s3cret@db.example:5432/orders" }),
  ),
];

const modal = (...components: readonly object[]) => ({
  type: 9,
  data: { custom_id: "m", title: "M", components },
});
const answer = (data: object) => ({ type: 4, data });

export const refusedCallbacks: readonly RefusedBody[] = [
  refused("a modal of six components", "/data/components", modal(...many(6, (n) => label(input(`i${n}`))))),
  refused("a modal title of 46 characters", "/data/title", {
    type: 9,
    data: { custom_id: "m", title: "x".repeat(46), components: [text()] },
  }),
  refused(
    "a label of 46 characters",
    "/data/components/0/label",
    modal(label(input("a"), { label: "x".repeat(46) })),
  ),
  refused(
    "one custom_id twice in a modal",
    "/data/components/1/component/0/custom_id",
    modal(label(input("a")), label(input("a"))),
  ),
  refused(
    "a disabled select in a modal",
    "/data/components/0/component/disabled",
    modal(label(select([option("a")], { disabled: true }))),
  ),
  refused("a button in a modal", "/data/components/0/component/type", modal(label(button("a")))),
  refused(
    "a radio group of one option",
    "/data/components/0/component/options",
    modal(label({ type: 21, custom_id: "r", options: [option("a")] })),
  ),
  refused(
    "two defaults of a radio group",
    "/data/components/0/component/0/options",
    modal(
      label({
        type: 21,
        custom_id: "r",
        options: [option("a", { default: true }), option("b", { default: true })],
      }),
    ),
  ),
  refused("a deferral that says more than ephemeral", "/data/flags", { type: 5, data: { flags: v2 } }),
  refused("an answer without a word about mentions", "/data/allowed_mentions", answer({ content: "x" })),
  refused(
    "Components V2 without the flag in an answer",
    "/data/components/0",
    answer({ allowed_mentions: nobody, components: [text()] }),
  ),
  refused("choices for a command", "/type", { type: 8, data: { choices: [] } }),
  refused("an update of no message", "/type", { type: 7, data: {} }),
  refused("a type that is not there", "/type", { type: 42 }),
  refused(
    "a secret in an answer",
    "/data/content",
    answer({ content: "redis://:s3cret@host:6379", allowed_mentions: nobody }),
  ),
];
