import { deliver } from "../transport/deliver.ts";
import type { World } from "../world.ts";

/** Opens the app's Home tab: the app gets `app_home_opened` with the view it published last, if any. */
export async function openHome(world: World, userId: string): Promise<void> {
  const home = world.views.homes.get(userId);
  const event = {
    type: "app_home_opened",
    user: userId,
    channel: world.directory.directChannel(userId).id,
    tab: "home",
    event_ts: world.ids.timestamp(),
    ...(home ? { view: home.wire } : {}),
  };
  const payload = {
    token: "local-verification-token",
    team_id: world.settings.teamId,
    context_team_id: world.settings.teamId,
    api_app_id: world.settings.appId,
    event,
    type: "event_callback",
    event_id: world.ids.next("Ev"),
    event_time: Math.floor(world.clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: world.settings.teamId,
        user_id: world.settings.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
  await deliver(world, { kind: "event", envelope: "events_api", payload }, userId);
}
