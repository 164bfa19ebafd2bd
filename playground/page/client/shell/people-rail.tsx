import type { VNode } from "preact";
import type { PageRole } from "../../page-settings.ts";
import { Face } from "../draw/avatar.tsx";
import { useActions } from "../store/context.ts";
import { idOf, viewOf } from "../store/places.ts";
import type { Unread } from "../store/reads.ts";
import type { UiState } from "../store/ui-state.ts";

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
  const view = viewOf(state.server, state.tab);
  const index = view?.people.findIndex(({ name }) => name === role.name) ?? -1;
  const person = view?.people[index];
  if (!view || !person) return null;
  const isMe = person.id === idOf(state);
  const unread = view.unread(state.reads, person.id);
  return (
    <button
      type="button"
      class={isMe ? "rail-person rail-person-me" : "rail-person"}
      aria-pressed={isMe}
      title={`Be ${person.displayName}, ${role.role}`}
      onClick={() => dispatch({ type: "visit", visit: { person: person.name } })}
    >
      <span class="rail-picture">
        <Face index={index} size={40} />
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
