/** Whether the long form runs: `npm run test:faults -- --long`. */
export const IS_LONG = process.env["FAULTS_LONG"] === "1";

/** How much of something: so much in the short form, so much in the long one. */
export function amount(short: number, long: number): number {
  return IS_LONG ? long : short;
}
