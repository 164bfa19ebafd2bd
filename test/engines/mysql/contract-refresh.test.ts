import { describeEngineContract } from "../../contracts/engine-contract.ts";
import { subjectsOn } from "./make-subject.ts";

describeEngineContract("MariaDB 11.8 to the same", subjectsOn(["mariadb-11.8", "mariadb-11.8"]));
