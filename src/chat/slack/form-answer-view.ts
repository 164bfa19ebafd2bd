import type { FormAnswer } from "../../core/form.ts";
import { presentRefusal } from "../present/refusal.ts";
import type { ModalView } from "./blocks.ts";
import { chooseAddonView, formView, textView } from "./form.ts";
import type { EnteredField, FormContext } from "./form-context.ts";
import type { RenderOptions } from "./render.ts";

interface FormAnswerOptions extends RenderOptions {
  readonly entered?: ReadonlyMap<string, EnteredField>;
}

/** The modal for an answer: the form, the choice of an add-on, or why there is neither. */
export function formAnswerView(
  answer: FormAnswer,
  before: FormContext,
  options: FormAnswerOptions,
): ModalView {
  const context = { ...before, revision: before.revision + 1 };
  switch (answer.kind) {
    case "form": {
      const { addon, selection } = answer.form;
      return formView(answer.form, { ...context, selection: { addonId: addon.id, ...selection } }, options);
    }
    case "choose-addon":
      return chooseAddonView({ ...context, selection: {} }, [], options);
    case "refused": {
      const { parts } = presentRefusal(answer.refusal);
      if (answer.refusal.field === "addon")
        return chooseAddonView({ ...context, selection: {} }, parts, options);
      return textView(context, parts, options);
    }
  }
}
