const gapPx = 4;
const marginPx = 12;
const leastHeightPx = 160;

/** Places a floating box below its button, or above it where more room is, inside the window. */
export function placeBelow(box: HTMLElement, button: HTMLElement): void {
  const around = button.getBoundingClientRect();
  const below = innerHeight - around.bottom - gapPx - marginPx;
  const above = around.top - gapPx - marginPx;
  const isBelow = below >= Math.min(box.offsetHeight, leastHeightPx) || below >= above;
  const width = Math.max(around.width, 200);
  box.style.width = `${width}px`;
  box.style.left = `${Math.max(marginPx, Math.min(around.left, innerWidth - width - marginPx))}px`;
  box.style.maxHeight = `${Math.max(leastHeightPx, isBelow ? below : above)}px`;
  if (isBelow) box.style.top = `${around.bottom + gapPx}px`;
  else box.style.bottom = `${innerHeight - around.top + gapPx}px`;
}
