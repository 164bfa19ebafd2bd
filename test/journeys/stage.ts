import type { FleetPart } from "../../playground/fleet/fleet-part.ts";
import { writeFleetConfig } from "../../playground/fleet/write-fleet-config.ts";
import { type TestFleet, withFleet } from "../support/with-fleet.ts";
import type { ChatDriver, Platform } from "./platform/chat-driver.ts";
import { type Backend, type Scene, withScene } from "./scene.ts";

/** Each platform once and each queue once: the two do not know of each other, so four pairs would show no more. */
export const PAIRS: readonly (readonly [Platform, Backend])[] = [
  ["Slack", "PostgreSQL"],
  ["Discord", "Redis"],
];

/** Each platform, on the queue that needs no Redis: for stories in which the queue does not matter. */
export const PLATFORMS: readonly Platform[] = ["Slack", "Discord"];

export interface StageOptions {
  readonly platform: Platform;
  /** PostgreSQL unless told otherwise. */
  readonly backend?: Backend;
  /** A second platform where migrations are followed too, in both directions. */
  readonly mirroredIn?: Platform;
  /** True: only the group `dba` may migrate. */
  readonly dbaOnly?: boolean;
  /** Servers and an add-on of another engine besides the fleet's own, which the story is about. */
  readonly part?: FleetPart;
  /** The add-on that the story is about; `addon_orders` unless told otherwise. */
  readonly addonId?: string;
  /** Of the largest table; 4,000 unless told otherwise. */
  readonly rows?: number;
  /** How long a switch of a live migration may take, such as `8s`; as Godwit has it unless told otherwise. */
  readonly switchLimit?: string;
}

/** Servers, data, a writing shop and a local chat platform, ready for Godwit. */
export interface Stage extends TestFleet, Scene {}

/**
 * Sets the stage for one journey, and takes everything away after it. At the end every message must have been told
 * exactly once, and nothing may have been sent that the real platform would refuse.
 */
export async function withStage(options: StageOptions, body: (stage: Stage) => Promise<void>): Promise<void> {
  await withFleet({ majors: [15, 18], rows: options.rows ?? 4_000 }, (fleet) =>
    withScene(
      {
        addonId: "addon_orders",
        ...options,
        folder: fleet.folder,
        async prepare(chats) {
          await writeConfig(fleet, chats, options);
          return { ...fleet.config.environment, ...options.part?.environment };
        },
      },
      (scene) => body({ ...fleet, ...scene }),
    ),
  );
}

async function writeConfig(
  { fleet, orders, folder }: TestFleet,
  chats: readonly ChatDriver[],
  { dbaOnly = false, mirroredIn, switchLimit, part }: StageOptions,
): Promise<void> {
  const settings = chats.map((chat) => chat.settings);
  await writeFleetConfig({
    folder,
    fleet,
    orders,
    major: 15,
    shopFolder: folder,
    ...(switchLimit !== undefined && { switchLimit }),
    ...(part && { parts: [part] }),
    ...(dbaOnly && { mayMigrate: Object.fromEntries(settings.map(({ key, dbaOnly }) => [key, dbaOnly])) }),
    ...(mirroredIn && { mirror: Object.fromEntries(settings.map(({ key, channelId }) => [key, channelId])) }),
  });
}
