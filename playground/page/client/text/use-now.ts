import { useEffect, useState } from "preact/hooks";

const spacingMs = 15_000;

/** The time now; where a text tells how long ago something was, it moves by itself. */
export function useNow(moves: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!moves) return undefined;
    const timer = setInterval(() => setNow(new Date()), spacingMs);
    return () => clearInterval(timer);
  }, [moves]);
  return moves ? now : new Date();
}
