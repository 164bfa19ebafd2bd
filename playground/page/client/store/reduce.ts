import { applyPatch, type PageState, type PageWelcome } from "../../page-state.ts";
import { idOf, presentPlatforms, screenOf, viewOf } from "./places.ts";
import { readKey } from "./reads.ts";
import type { MessageKey, Screen, Toast, UiEvent, UiState, Visit } from "./ui-state.ts";

const toastsShown = 3;

/** The next state; null until the server has said what there is. */
export function reduce(state: UiState | null, event: UiEvent): UiState | null {
  if (event.type === "welcome") return welcome(state, event.welcome, event.wanted);
  if (!state) return null;
  switch (event.type) {
    case "patch":
      return withNews(state, applyPatch(state.server, event.patch));
    case "lost":
      return { ...state, connection: "lost" };
    case "visit":
      return { ...state, ...possibleVisit({ ...state, ...event.visit }), toasts: [] };
    case "go":
      return withScreen(state, { place: event.place, thread: null });
    case "open-thread":
      return withScreen(state, { ...screenOf(state), thread: event.thread });
    case "open-message":
      return openMessage(state, event);
    case "read":
      return markRead(state, event);
    case "put-away":
      return { ...state, dismissed: new Set([...state.dismissed, event.id]) };
    case "toast":
      return withToast(state, event.toast);
    case "dismiss":
      return { ...state, toasts: state.toasts.filter(({ id }) => id !== event.id) };
  }
}

/** A server that started again knows nothing of before: what was read there does not count here. */
function welcome(
  state: UiState | null,
  { settings, state: server }: PageWelcome,
  wanted: Partial<Visit>,
): UiState {
  const isSame = state !== null && isContinued(state.server, server);
  if (isSame) return { ...withNews(state, server), connection: "open", settings };
  return {
    connection: "open",
    settings,
    server,
    ...possibleVisit({ tab: "slack", person: "", ...wanted, server, settings }),
    screens: {},
    reads: {},
    dismissed: new Set(),
    toasts: [],
    nextToastId: 1,
  };
}

/** A tab that is there, and one of the people a visitor can be. */
function possibleVisit({
  tab,
  person,
  server,
  settings,
}: Visit & Pick<UiState, "server" | "settings">): Visit {
  const names = settings.people.map(({ name }) => name);
  return {
    tab: server[tab] === null ? (presentPlatforms(server)[0] ?? tab) : tab,
    person: names.includes(person) ? person : (names[0] ?? ""),
  };
}

function isContinued(before: PageState, now: PageState): boolean {
  return presentPlatforms(before).every((platform) => {
    const first = viewOf(before, platform)?.messageIds()[0];
    return first === undefined || viewOf(now, platform)?.messageIds().includes(first) === true;
  });
}

/** The new state of the server, with a toast for what went wrong and for who called. */
function withNews(state: UiState, server: PageState): UiState {
  const [before, now] = [viewOf(state.server, state.tab), viewOf(server, state.tab)];
  const next = { ...state, server };
  if (!before || !now) return next;
  const userId = idOf(next);
  const errors = now.troubles
    .slice(before.troubles.length)
    .filter((trouble) => trouble.userId === userId && !trouble.isToldInPlace)
    .map(({ title, text }): Omit<Toast, "id"> => ({ tone: "error", title, text }));
  const mentions = now.calls
    .slice(before.calls.length)
    .filter((call) => call.userId === userId && !isOpen(next, call))
    .map(
      ({ channelId, id, text }): Omit<Toast, "id"> => ({
        tone: "mention",
        title: "You were mentioned",
        text,
        opens: { channelId, id },
      }),
    );
  return [...errors, ...mentions].reduce(withToast, next);
}

/** Whether the reader looks at where the message is. */
function isOpen(state: UiState, message: MessageKey): boolean {
  const open = screenOf(state);
  const needed = viewOf(state.server, state.tab)?.screenFor(message, { place: open.place, thread: null });
  if (!needed) return false;
  if (needed.thread) return needed.thread.id === open.thread?.id;
  return (
    needed.place.kind === "channel" &&
    open.place.kind === "channel" &&
    needed.place.channelId === open.place.channelId
  );
}

function withScreen(state: UiState, screen: Screen): UiState {
  return { ...state, screens: { ...state.screens, [idOf(state)]: screen } };
}

function withToast(state: UiState, toast: Omit<Toast, "id">): UiState {
  const toasts = [...state.toasts, { ...toast, id: state.nextToastId }].slice(-toastsShown);
  return { ...state, toasts, nextToastId: state.nextToastId + 1 };
}

function openMessage(state: UiState, message: MessageKey): UiState {
  const screen = viewOf(state.server, state.tab)?.screenFor(message, screenOf(state));
  return screen ? withScreen(state, screen) : state;
}

function markRead(state: UiState, { key, id }: { readonly key: string; readonly id: string }): UiState {
  const full = readKey(idOf(state), key);
  if ((state.reads[full] ?? "") >= id) return state;
  return { ...state, reads: { ...state.reads, [full]: id } };
}
