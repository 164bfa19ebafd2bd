import { describeEngineContract } from "../../contracts/engine-contract.ts";
import { subjectsOn } from "./make-subject.ts";

describeEngineContract("MariaDB 10.11 to 11.8", subjectsOn(["mariadb-10.11", "mariadb-11.8"]));
