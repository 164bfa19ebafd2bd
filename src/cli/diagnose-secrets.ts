import type { App } from "../app.ts";
import type { Diagnosis } from "../core/ports/provider.ts";
import { inspectSecrets, type SecretsReport } from "../store/secrets/inspect-secrets.ts";
import { secretUnreadable } from "../store/secrets/problems.ts";

/** Whether every stored password opens, and with which key. */
export async function diagnoseSecrets({ pool, keyring }: Pick<App, "pool" | "keyring">): Promise<Diagnosis> {
  const report = await inspectSecrets(pool, keyring);
  if (report.unreadable.length === 0)
    return { subject: "secrets", ok: true, detail: describe(report, keyring.ids[0]) };
  const { summary: detail, remedy } = secretUnreadable(report.unreadable.join(", "));
  return { subject: "secrets", ok: false, detail, remedy };
}

function describe({ total, outdated }: SecretsReport, keyId: string): string {
  const count = `${total} stored password(s), encrypted with key ${keyId}`;
  return outdated === 0 ? count : `${count} except ${outdated}, which godwit rotate-key encrypts with it`;
}
