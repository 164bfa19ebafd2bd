import type { Snapshot } from "../../../../discord/index.ts";
import { idOf, screenOf } from "../../store/places.ts";
import type { Screen, UiState } from "../../store/ui-state.ts";

/** What Discord's place draws: the snapshot, and the screen of the person whom the visitor is. */
export interface DiscordState extends Pick<UiState, "reads" | "dismissed"> {
  readonly discord: Snapshot;
  readonly actingAs: string;
  readonly screen: Screen;
}

export function discordStateOf(state: UiState, discord: Snapshot): DiscordState {
  const { reads, dismissed } = state;
  return { reads, dismissed, discord, actingAs: idOf(state, "discord"), screen: screenOf(state) };
}
