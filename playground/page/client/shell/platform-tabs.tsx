import type { VNode } from "preact";
import type { Platform } from "../../page-state.ts";
import { Icon } from "../draw/icon.tsx";
import { useActions } from "../store/context.ts";
import { idOf, viewOf } from "../store/places.ts";
import type { UiState } from "../store/ui-state.ts";

interface Props {
  readonly state: UiState;
  readonly platforms: readonly Platform[];
}

const signs = { slack: "hash", discord: "bubble" } as const;
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Which chat platform the page shows; arrow keys move between the tabs. */
export function PlatformTabs({ state, platforms }: Props): VNode {
  const { dispatch } = useActions();
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined) return;
    const index = (platforms.indexOf(state.tab) + step + platforms.length) % platforms.length;
    const tab = platforms[index];
    if (!tab) return;
    dispatch({ type: "visit", visit: { tab } });
    document.getElementById(`tab-${tab}`)?.focus();
  };
  return (
    <div class="platform-tabs" role="tablist" aria-label="Chat platform" onKeyDown={onKeyDown}>
      {platforms.map((platform) => (
        <PlatformTab key={platform} state={state} platform={platform} />
      ))}
    </div>
  );
}

/** What makes an element the panel of a tab. */
export function panelOf(platform: Platform) {
  return { role: "tabpanel", id: "place", "aria-labelledby": `tab-${platform}` } as const;
}

function PlatformTab({ state, platform }: { state: UiState; platform: Platform }): VNode {
  const { dispatch } = useActions();
  const view = viewOf(state.server, platform);
  const isHere = platform === state.tab;
  const { mentionCount = 0 } = view?.unread(state.reads, idOf(state, platform)) ?? {};
  return (
    <button
      type="button"
      id={`tab-${platform}`}
      class={`platform-tab platform-tab-${platform}`}
      role="tab"
      aria-selected={isHere}
      aria-controls={isHere ? "place" : undefined}
      tabIndex={isHere ? 0 : -1}
      onClick={() => dispatch({ type: "visit", visit: { tab: platform } })}
    >
      <Icon name={signs[platform]} size={16} />
      {view?.name}
      {mentionCount > 0 && (
        <span class="badge">
          {mentionCount}
          <span class="visually-hidden"> mentions of {state.person}</span>
        </span>
      )}
    </button>
  );
}
