import type { EntitySelect, StringSelect } from "../components/component.ts";
import type { EphemeralMessage, Json, Message } from "../model.ts";
import type { World } from "../world.ts";
import { deliver } from "./deliver.ts";
import { findSelect, pickOption, shownOptions } from "./find-component.ts";
import { resolveIds } from "./option-value.ts";
import type { ClickOutcome } from "./press-button.ts";
import { requireMessage } from "./require-message.ts";

/** Chooses in a select of a message. @throws Error when the client would not let one */
export async function chooseInMessage(
  world: World,
  choice: {
    userId: string;
    message: Message | EphemeralMessage;
    select: string;
    values: string | readonly string[];
  },
): Promise<ClickOutcome> {
  const { message, userId } = choice;
  requireMessage(world, message, userId);
  const select = findSelect(message.components, choice.select);
  if (select.disabled === true) throw new Error(`the select "${choice.select}" is disabled`);
  const wanted = typeof choice.values === "string" ? [choice.values] : choice.values;
  const { ack } = await deliver(world, {
    kind: "component",
    userId,
    channelId: message.channelId,
    commandName: "",
    customId: select.custom_id,
    message,
    data: selectData(world, select, wanted),
  });
  return { kind: "sent", ack };
}

function selectData(world: World, select: StringSelect | EntitySelect, wanted: readonly string[]): Json {
  const values = chosenValues(world, select, wanted);
  return {
    component_type: select.type,
    custom_id: select.custom_id,
    id: select.id,
    values,
    ...(select.type === 3 ? {} : { resolved: resolveIds(world, values) }),
  };
}

/** Values of the chosen options, or ids of the named people, roles and channels. */
export function chosenValues(
  world: World,
  select: StringSelect | EntitySelect,
  wanted: readonly string[],
): string[] {
  const label = select.placeholder ?? select.custom_id;
  const least = select.min_values ?? 1;
  const most = select.max_values ?? 1;
  if (wanted.length < least || wanted.length > most) {
    throw new Error(`"${label}" takes ${least} to ${most} choices, not ${wanted.length}`);
  }
  if (select.type === 3) return wanted.map((key) => pickOption(shownOptions(select), key, label));
  return wanted.map((key) => findEntity(world, select.type, key));
}

function findEntity(world: World, type: EntitySelect["type"], key: string): string {
  const { directory } = world;
  switch (type) {
    case 5:
      return directory.findUser(key).id;
    case 6:
      return directory.findRole(key).id;
    case 7:
      return [...directory.users.values()].some(({ id, name }) => id === key || name === key)
        ? directory.findUser(key).id
        : directory.findRole(key).id;
    case 8:
      return directory.findChannel(key).id;
  }
}
