import type { VNode } from "preact";
import type { PageRole } from "../../page-settings.ts";
import { Avatar } from "../draw/avatar.tsx";
import { useActions } from "../store/context.ts";
import type { UiState } from "../store/ui-state.ts";
import { type Unread, unreadOf } from "../store/unread.ts";

/** Whom the visitor is: one picture for each person, with what waits for them. */
export function PeopleRail({ state }: { state: UiState }): VNode {
  return (
    <nav class="rail" aria-label="Who you are">
      <div class="rail-title">You are</div>
      {state.settings.people.map((role) => (
        <PersonButton key={role.name} role={role} state={state} />
      ))}
    </nav>
  );
}

function PersonButton({ role, state }: { role: PageRole; state: UiState }): VNode | null {
  const { dispatch } = useActions();
  const { slack } = state.server;
  const person = slack.users.find(({ name }) => name === role.name);
  if (!person) return null;
  const isMe = person.id === state.actingAs;
  const unread = unreadOf(slack, state.reads, person.id);
  return (
    <button
      type="button"
      class={isMe ? "rail-person rail-person-me" : "rail-person"}
      aria-pressed={isMe}
      title={`Be ${person.realName}, ${role.role}`}
      onClick={() => dispatch({ type: "become", userId: person.id })}
    >
      <span class="rail-picture">
        <Avatar userId={person.id} size={40} />
        <Badge unread={unread} isMe={isMe} />
      </span>
      <span class="rail-name">{person.name}</span>
      <span class="rail-role">{role.role}</span>
    </button>
  );
}

/** A number for calls; a dot, with words for screen readers, for anything else unread. */
function Badge({ unread, isMe }: { unread: Unread; isMe: boolean }): VNode | null {
  if (unread.mentionCount > 0) {
    return (
      <span class="badge" key={unread.mentionCount}>
        {unread.mentionCount}
        <span class="visually-hidden"> unread mentions</span>
      </span>
    );
  }
  if (isMe || unread.channels.size === 0) return null;
  return (
    <span class="badge-dot">
      <span class="visually-hidden">unread messages</span>
    </span>
  );
}
