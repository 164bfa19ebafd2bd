/** Compares two dotted versions number by number: negative when `left` is older. `15` equals `15.0`. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [numbersOf(left), numbersOf(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return version.split(".").map((part) => Number.parseInt(part, 10) || 0);
}

/** A version with its product's name, which is the engine's unless the version names one itself: `Valkey 9.1`. */
export function namedVersion(engineName: string, version: string): string {
  return /^[A-Za-z]+ \d/.test(version) ? version : `${engineName} ${version}`;
}
