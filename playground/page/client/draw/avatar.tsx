import type { VNode } from "preact";
import { useDirectory } from "../store/context.ts";
import { GodwitPicture } from "./godwit-picture.tsx";

interface Look {
  readonly background: string;
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  /** Hair behind and before the head. */
  readonly behind: string;
  readonly before: string;
}

const bob = "M10 14c0-6 4-9 8-9s8 3 8 9v8h-3v-9H13v9h-3z";
const crop = "M11 15c-1-7 3-10 7-10s8 3 7 10l-2-4c-4 0-7-1-8-2l-2 2z";
const curls =
  "M10 15a3 3 0 0 1 1-5 4 4 0 0 1 4-4 4 4 0 0 1 6 0 4 4 0 0 1 4 4 3 3 0 0 1 1 5l-2-3c-3 0-8 0-12-1z";

const looks: readonly Look[] = [
  { background: "#f2b8c6", skin: "#f6d3b3", hair: "#6b2d1a", shirt: "#a3294f", behind: bob, before: crop },
  { background: "#a8d5e8", skin: "#e2ac80", hair: "#2b2118", shirt: "#1f5c86", behind: "", before: crop },
  { background: "#c5e3b1", skin: "#8d5a3b", hair: "#1d1410", shirt: "#2f6b3a", behind: "", before: curls },
  { background: "#e5c9f0", skin: "#f3c9a5", hair: "#b9752f", shirt: "#6d3b8f", behind: bob, before: curls },
  { background: "#f6dd9c", skin: "#c98f63", hair: "#4a2c1b", shirt: "#946200", behind: "", before: curls },
];

/** A drawn face, the same for the same person. The name always stands beside it. */
export function Avatar({ userId, size = 36 }: { userId: string; size?: number }): VNode {
  const { botUserId, users } = useDirectory();
  if (userId === botUserId) return <GodwitPicture size={size} />;
  return <Face index={[...users.keys()].indexOf(userId)} size={size} />;
}

/** The face of the person at a place in the list of people. */
export function Face({ index, size }: { index: number; size: number }): VNode {
  const look = (looks[index % looks.length] ?? looks[0]) as Look;
  return (
    <svg class="avatar" width={size} height={size} viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" fill={look.background} />
      <path d={look.behind} fill={look.hair} />
      <path d="M5 36c0-8 6-11 13-11s13 3 13 11z" fill={look.shirt} />
      <path d="M15 21h6v5c0 2-6 2-6 0z" fill={look.skin} />
      <ellipse cx="18" cy="16" rx="6.5" ry="7.5" fill={look.skin} />
      <path d={look.before} fill={look.hair} />
      <path d="M15.3 20c1.5 1.3 3.9 1.3 5.4 0" fill="none" stroke="#00000080" stroke-linecap="round" />
      <circle cx="15.5" cy="16" r=".9" fill="#2b2118" />
      <circle cx="20.5" cy="16" r=".9" fill="#2b2118" />
    </svg>
  );
}
