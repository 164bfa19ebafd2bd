import type { VNode } from "preact";

/** A bar-tailed godwit on its way: rust breast, long bill slightly upturned, wings in a straight line. */
export function GodwitPicture({ size = 36 }: { size?: number }): VNode {
  return (
    <svg class="avatar" width={size} height={size} viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" fill="#0f4c5c" />
      <circle cx="27" cy="9" r="5" fill="#f6c667" />
      <path d="M0 29c6-3 12-3 18 0s12 3 18 0v7H0z" fill="#0b3a47" />
      <path
        d="M4 21c4-4 9-5 13-4 2-2.5 4.5-3.5 6.7-2.6 1.2.5 1.8 1.5 2 2.6L34 15.2 25.8 19c-2 4-5.5 5.8-9.8 5.8-4.8 0-8.6-1-12-3.8z"
        fill="#d9825b"
      />
      <path d="M9.5 19C11 13.5 14 9 19.5 6.5c0 5-1 9.5-4 13z" fill="#f2dcc4" />
      <path d="M9.5 19C11 15.5 13.5 13 17 11.5c-.3 3-1 5.5-2.8 8z" fill="#8a5a44" />
      <circle cx="23" cy="16.4" r=".9" fill="#14262b" />
    </svg>
  );
}
