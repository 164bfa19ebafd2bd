import { applyPatch, type PageState, type PageWelcome } from "../../page-state.ts";
import { errorText } from "./error-text.ts";
import { type Screen, screenOf, type ThreadKey, type Toast, type UiEvent, type UiState } from "./ui-state.ts";
import { placeOfMessage, readKey } from "./unread.ts";

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
    case "become":
      return { ...state, actingAs: event.userId, toasts: [] };
    case "go":
      return withScreen(state, { place: event.place, thread: null });
    case "open-thread":
      return withScreen(state, { ...screenOf(state), thread: event.thread });
    case "open-message":
      return openMessage(state, event);
    case "read":
      return markRead(state, event);
    case "toast":
      return withToast(state, event.toast);
    case "dismiss":
      return { ...state, toasts: state.toasts.filter(({ id }) => id !== event.id) };
  }
}

/** A server that started again knows nothing of before: what was read there does not count here. */
function welcome(state: UiState | null, { settings, state: server }: PageWelcome, wanted: string): UiState {
  const isSame = state !== null && isContinued(state.server, server);
  if (isSame) return { ...withNews(state, server), connection: "open", settings };
  const names = settings.people.map(({ name }) => name);
  const name = names.includes(wanted) ? wanted : (names[0] ?? "");
  const person = server.slack.users.find((user) => user.name === name) ?? server.slack.users[0];
  return {
    connection: "open",
    settings,
    server,
    actingAs: person?.id ?? "",
    screens: {},
    reads: {},
    toasts: [],
    nextToastId: 1,
  };
}

function isContinued(before: PageState, now: PageState): boolean {
  const first = before.slack.messages[0];
  return first === undefined || now.slack.messages.some(({ ts }) => ts === first.ts);
}

/** The new state of the server, with a toast for what went wrong and for who called; a form tells its own errors. */
function withNews(state: UiState, server: PageState): UiState {
  const errors = server.slack.errors
    .slice(state.server.slack.errors.length)
    .filter(({ userId, kind }) => userId === state.actingAs && kind !== "view_submission")
    .map((error): Omit<Toast, "id"> => ({ tone: "error", ...errorText(error) }));
  const calls = server.slack.notifications
    .slice(state.server.slack.notifications.length)
    .filter(({ userId }) => userId === state.actingAs);
  const next = { ...state, server };
  const mentions = calls
    .filter((call) => !isOpen(next, call))
    .map(
      ({ channelId, ts, text }): Omit<Toast, "id"> => ({
        tone: "mention",
        title: "You were mentioned",
        text,
        opens: { channelId, ts },
      }),
    );
  return [...errors, ...mentions].reduce(withToast, next);
}

function isOpen(state: UiState, call: { readonly channelId: string; readonly ts: string }): boolean {
  const { place, thread } = screenOf(state);
  const threadTs = placeOfMessage(state.server.slack, call)?.threadTs;
  if (threadTs !== undefined) return thread?.ts === threadTs;
  return place.kind === "channel" && place.channelId === call.channelId;
}

function withScreen(state: UiState, screen: Screen): UiState {
  return { ...state, screens: { ...state.screens, [state.actingAs]: screen } };
}

function withToast(state: UiState, toast: Omit<Toast, "id">): UiState {
  const toasts = [...state.toasts, { ...toast, id: state.nextToastId }].slice(-toastsShown);
  return { ...state, toasts, nextToastId: state.nextToastId + 1 };
}

/** A reply opens with its thread, a message of the channel in the channel. */
function openMessage(state: UiState, { channelId, ts }: ThreadKey): UiState {
  const channel = state.server.slack.channels.find(({ id }) => id === channelId);
  const message = placeOfMessage(state.server.slack, { channelId, ts });
  if (!channel || !message) return state;
  const place =
    channel.kind === "im" ? ({ kind: "app" } as const) : ({ kind: "channel", channelId } as const);
  const thread = message.threadTs === undefined ? null : { channelId, ts: message.threadTs };
  return withScreen(state, { place, thread: thread ?? screenOf(state).thread });
}

function markRead(state: UiState, { key, ts }: { readonly key: string; readonly ts: string }): UiState {
  const full = readKey(state.actingAs, key);
  if ((state.reads[full] ?? "") >= ts) return state;
  return { ...state, reads: { ...state.reads, [full]: ts } };
}
