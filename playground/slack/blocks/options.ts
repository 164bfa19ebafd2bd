import { z } from "zod";
import { anyText, chars, plainText } from "./text.ts";

/** Limits: text, value and description 75 (@slack/types, OptionDescriptor). */
export const plainOption = z.strictObject({
  text: plainText(75),
  value: chars(75),
  description: plainText(75).optional(),
});

export const richOption = z.strictObject({
  text: anyText(75),
  value: chars(75),
  description: anyText(75).optional(),
});

export const overflowOption = z.strictObject({
  text: plainText(75),
  value: chars(75),
  description: plainText(75).optional(),
  url: chars(3000).optional(),
});

export const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(plainOption).min(1).max(100),
});

/** The answer to a block_suggestion: either options or option_groups, at most 100 of each, possibly none. */
export const suggestedOptions = z.union([
  z.strictObject({ options: z.array(plainOption).max(100) }),
  z.strictObject({
    option_groups: z
      .array(z.strictObject({ label: plainText(75), options: z.array(plainOption).max(100) }))
      .max(100),
  }),
]);

type PlainOption = z.infer<typeof plainOption>;
type RichOption = z.infer<typeof richOption>;
type OptionLike = PlainOption | RichOption;

interface Choice {
  readonly options?: readonly OptionLike[] | undefined;
  readonly option_groups?: readonly { readonly options: readonly OptionLike[] }[] | undefined;
}

export function flattenOptions(choice: Choice): OptionLike[] {
  return [...(choice.options ?? []), ...(choice.option_groups ?? []).flatMap((group) => group.options)];
}

function isSameOption(left: OptionLike, right: OptionLike): boolean {
  return (
    left.value === right.value &&
    left.text.text === right.text.text &&
    left.description?.text === right.description?.text
  );
}

/** Slack refuses an initial option that does not match exactly one that is offered. */
export function checkInitial(
  choice: Choice & { initial_option?: OptionLike | undefined; initial_options?: OptionLike[] | undefined },
  context: z.core.ParsePayload,
): void {
  const offered = flattenOptions(choice);
  const check = (initial: OptionLike, path: (string | number)[]): void => {
    if (offered.some((option) => isSameOption(option, initial))) return;
    context.issues.push({
      code: "custom",
      input: initial,
      path,
      message: "initial option must match one of the provided options",
    });
  };
  if (choice.initial_option) check(choice.initial_option, ["initial_option"]);
  choice.initial_options?.forEach((initial, index) => check(initial, ["initial_options", index]));
}

/** A static select has `options` or `option_groups`, never both and never neither. */
export function checkOneSource(choice: Choice, context: z.core.ParsePayload): void {
  if ((choice.options === undefined) !== (choice.option_groups === undefined)) return;
  context.issues.push({
    code: "custom",
    input: choice,
    path: ["options"],
    message: "must provide exactly one of options and option_groups",
  });
}
