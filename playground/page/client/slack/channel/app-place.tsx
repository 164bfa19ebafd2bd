import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { GodwitPicture } from "../../draw/godwit-picture.tsx";
import { BlocksView } from "../blocks/blocks-view.tsx";
import type { SlackState } from "../store/slack-state.ts";
import { channelMessages } from "../store/timeline.ts";
import { useAct } from "../store/use-act.ts";
import { MessageList } from "./message-list.tsx";

type Tab = "home" | "messages";

/** The app's own place: its Home tab, and what it wrote to the person directly. */
export function AppPlace({ state }: { state: SlackState }): VNode {
  const [tab, setTab] = useState<Tab>("home");
  const { slack } = state;
  const direct = slack.channels.find(
    ({ kind, hasBot, members }) => kind === "im" && hasBot && members.includes(state.actingAs),
  );
  return (
    <main class="place" aria-label="Godwit">
      <header class="place-header">
        <h1 class="place-title">
          <GodwitPicture size={24} /> Godwit <span class="app-mark">APP</span>
        </h1>
        <div class="tabs" role="tablist" aria-label="Godwit">
          <TabButton tab="home" current={tab} onPick={setTab} />
          <TabButton tab="messages" current={tab} onPick={setTab} />
        </div>
      </header>
      {tab === "home" && <Home state={state} />}
      {tab === "messages" && direct && (
        <MessageList
          state={state}
          place={{ channelId: direct.id }}
          messages={channelMessages(slack, direct.id, state.actingAs)}
        />
      )}
      {tab === "messages" && !direct && <p class="empty">Godwit has not written to you.</p>}
    </main>
  );
}

const tabNames: Readonly<Record<Tab, string>> = { home: "Home", messages: "Messages" };

function TabButton({ tab, current, onPick }: { tab: Tab; current: Tab; onPick: (tab: Tab) => void }): VNode {
  return (
    <button type="button" class="tab" role="tab" aria-selected={tab === current} onClick={() => onPick(tab)}>
      {tabNames[tab]}
    </button>
  );
}

/** Opening the tab tells the app, which then publishes it anew. */
function Home({ state }: { state: SlackState }): VNode {
  const act = useAct();
  useEffect(() => void act({ type: "home" }), [act]);
  const view = state.slack.homes[state.actingAs];
  if (!view) return <p class="empty">Godwit has not published its Home tab yet.</p>;
  const { id, blocks, state: entered } = view.wire;
  const host = {
    place: { view: id },
    blocks,
    values: entered.values,
    errors: view.errors,
    act,
    holdBack: () => {},
  };
  return (
    <div class="home" tabIndex={0} role="region" aria-label="Home">
      <BlocksView host={host} />
    </div>
  );
}
