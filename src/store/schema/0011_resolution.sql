-- How a person has put a stopped migration in order by hand, and who.

ALTER TABLE migrations ADD COLUMN resolution jsonb;
