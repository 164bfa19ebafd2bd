import { describeEngineContract } from "../../contracts/engine-contract.ts";
import { subjectsFor } from "./make-subject.ts";

describeEngineContract("Redis 7 to Redis 8", subjectsFor(["redis-7", "redis-8"]));
describeEngineContract("Redis 7 to Valkey 9", subjectsFor(["redis-7", "valkey-9"]));
describeEngineContract("Valkey 8 to Valkey 9", subjectsFor(["valkey-8", "valkey-9"]));
describeEngineContract("Redis 8 to Valkey 9, whose dumps differ", subjectsFor(["redis-8", "valkey-9"]));
