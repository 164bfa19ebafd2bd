/** Whether something thrown is a system error with one of these codes, such as `EACCES`. */
export function isNodeError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
