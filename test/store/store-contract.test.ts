import { describeStoreContract } from "../contracts/store-contract.ts";
import { MemoryStore } from "../faults/simulation/memory-store.ts";
import { openWorkbench } from "../migrations/workbench.ts";

describeStoreContract("the store on PostgreSQL", () => openWorkbench());

describeStoreContract("the store that simulations use", async () => {
  const store = new MemoryStore(() => Date.now());
  return { store, close: () => store.close() };
});
