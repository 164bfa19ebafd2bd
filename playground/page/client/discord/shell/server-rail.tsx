import type { VNode } from "preact";
import type { DiscordState } from "../store/discord-state.ts";
import { unreadOf } from "../store/unread.ts";

/** The servers of the person; there is one. */
export function ServerRail({ state }: { state: DiscordState }): VNode {
  const { discord, reads, actingAs } = state;
  const { mentionCount } = unreadOf(discord, reads, actingAs);
  return (
    <div class="dc-servers">
      <div class="dc-server" title={discord.guild.name}>
        <span class="dc-server-mark" aria-hidden="true" />
        <span class="dc-server-picture" aria-hidden="true">
          {discord.guild.name.charAt(0)}
        </span>
        {mentionCount > 0 && (
          <span class="badge">
            {mentionCount}
            <span class="visually-hidden"> mentions in {discord.guild.name}</span>
          </span>
        )}
      </div>
    </div>
  );
}
