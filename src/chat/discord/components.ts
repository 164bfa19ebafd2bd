/** Discord's types of what we build, from the one package that Godwit depends on for them. */
export type {
  APIActionRowComponent as ActionRow,
  APIApplicationCommandOptionChoice as CommandChoice,
  APIButtonComponentWithCustomId as Button,
  APIComponentInContainer as ContainerPart,
  APIComponentInMessageActionRow as RowPart,
  APIContainerComponent as Container,
  APILabelComponent as Label,
  APIModalInteractionResponseCallbackData as Modal,
  APISelectMenuOption as SelectOption,
  APIStringSelectComponent as StringSelect,
  APITextDisplayComponent as TextDisplay,
} from "discord.js";
