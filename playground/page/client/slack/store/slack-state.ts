import type { Snapshot } from "../../../../slack/index.ts";
import { idOf, screenOf } from "../../store/places.ts";
import type { Screen, UiState } from "../../store/ui-state.ts";

/** What Slack's place draws: the snapshot, and the screen of the person whom the visitor is. */
export interface SlackState extends Pick<UiState, "settings" | "reads"> {
  readonly slack: Snapshot;
  readonly actingAs: string;
  readonly screen: Screen;
}

export function slackStateOf(state: UiState, slack: Snapshot): SlackState {
  const { settings, reads } = state;
  return { settings, reads, slack, actingAs: idOf(state, "slack"), screen: screenOf(state) };
}
