import { describeLiveContract } from "../../contracts/engine-live-contract.ts";
import { liveSubjectsFor } from "./live-subject.ts";

describeLiveContract("PostgreSQL 15 to 18, replicated", liveSubjectsFor([15, 18]));
describeLiveContract("PostgreSQL 14 to 15, replicated", liveSubjectsFor([14, 15]));
describeLiveContract("PostgreSQL 18 to 18, on one server, replicated", liveSubjectsFor([18, 18]));
