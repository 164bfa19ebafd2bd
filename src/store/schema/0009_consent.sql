-- A yes that some plans ask for besides their confirmation: to which plan, whose, and when.

ALTER TABLE migrations ADD COLUMN consent jsonb;
