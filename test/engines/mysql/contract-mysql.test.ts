import { describeEngineContract } from "../../contracts/engine-contract.ts";
import { subjectsOn } from "./make-subject.ts";

describeEngineContract("MySQL 9 to the same", subjectsOn(["mysql-9", "mysql-9"]));
