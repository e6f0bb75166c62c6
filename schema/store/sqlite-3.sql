-- Version 3.

-- The facts of an organisation are found by its reports of a period, in the order of that period. What has no record has no organisation,
-- so the indexes say no more than that it has one.
DROP INDEX report_organisation;
DROP INDEX report_orgnr;
CREATE INDEX report_organisation ON report (organisation_key, period_to) WHERE organisation_key IS NOT NULL;
CREATE INDEX report_orgnr ON report (orgnr, period_to) WHERE orgnr IS NOT NULL;

-- The run that opened a report: where several machines share a store, its pages wait for that run as long as it lives.
ALTER TABLE work ADD COLUMN near INTEGER;
