import type { VNode } from "preact";

/** Strokes on a 20 by 20 grid. */
const paths = {
  alert: "M10 2.8 18 17H2zM10 8v4M10 14.4v.2",
  at: "M13.2 10a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0zm0 0v1.2c0 3 4 2.6 4-1.4A7.2 7.2 0 1 0 14 16.2",
  back: "M16 10H4m5-5-5 5 5 5",
  bell: "M10 3a5 5 0 0 0-5 5v3.5L3.5 14h13L15 11.5V8a5 5 0 0 0-5-5zM8.2 16.5a2 2 0 0 0 3.6 0",
  archive: "M3.5 4h13v3.5h-13zM4.8 7.5V16h10.4V7.5M8 10.5h4",
  bubble:
    "M3 5.5A2.5 2.5 0 0 1 5.5 3h9A2.5 2.5 0 0 1 17 5.5v5a2.5 2.5 0 0 1-2.5 2.5H10l-4 4v-4h-.5A2.5 2.5 0 0 1 3 10.5z",
  check: "m4 10.5 4 4 8-9",
  chevron: "m5 7.5 5 5 5-5",
  circle: "M10 4.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z",
  close: "m5 5 10 10M15 5 5 15",
  cross: "m5.5 5.5 9 9m0-9-9 9",
  database:
    "M4 5.5C4 4 6.7 3 10 3s6 1 6 2.5S13.3 8 10 8 4 7 4 5.5zm0 0v9C4 16 6.7 17 10 17s6-1 6-2.5v-9M4 10c0 1.5 2.7 2.5 6 2.5s6-1 6-2.5",
  down: "M10 4v12m-5-5 5 5 5-5",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zm8-2.2a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  file: "M5 2.5h6.5L15.5 6.5v11H5zM11.5 2.5v4h4M7.5 10.5h5M7.5 13.5h5",
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h14M2.5 12.5h14",
  info: "M10 9v5M10 6v.2M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
  lock: "M5 9.5h10V17H5zM7 9.5V6.5a3 3 0 0 1 6 0v3",
  more: "M4.5 10h.1M10 10h.1M15.5 10h.1",
  outward: "M8 4.5H4.5v11h11V12M11.5 4h4.5v4.5M16 4l-7 7",
  plug: "M7 3v4m6-4v4M5 7h10v3a5 5 0 0 1-10 0zm5 8v3",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zm4 9.5 4 4",
  send: "M3 3.5 17.5 10 3 16.5 5 10zm2 6.5h6",
  slash: "M13 3 7 17",
  thread: "M3 4h14v9.5H9.5L6 17v-3.5H3zM6.5 8.7h7",
} as const;

export type IconName = keyof typeof paths;

/** A drawn sign. It is decoration: the word stands beside it or in the label of its button. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): VNode {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** Something is under way; it stands still for people who prefer less motion. */
export function Spinner({ size = 16 }: { size?: number }): VNode {
  return (
    <svg class="icon spinner" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <circle class="spinner-track" cx="10" cy="10" r="7" />
      <path d="M10 3a7 7 0 0 1 7 7" />
    </svg>
  );
}
