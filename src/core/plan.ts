import type { Money } from "./money.ts";

/** A size and a price at which a provider offers an add-on. A size of 0 is one that the provider does not tell. */
export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly engine: string;
  readonly vcpus: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Connections that the plan lets an application open at once. */
  readonly connections: number;
  /** True when the plan shares its server's resources with other customers. */
  readonly shared: boolean;
  readonly monthlyPrice: Money;
}
