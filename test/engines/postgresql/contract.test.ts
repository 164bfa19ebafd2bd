import { describeEngineContract } from "../../contracts/engine-contract.ts";
import { subjectsFor } from "./make-subject.ts";

describeEngineContract("PostgreSQL 15 to 18", subjectsFor([15, 18]));
describeEngineContract("PostgreSQL 18 to 18", subjectsFor([18, 18]));
describeEngineContract("PostgreSQL 15 to 17", subjectsFor([15, 17]));
