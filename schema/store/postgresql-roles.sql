-- Roles with no more rights than they need. Run once, by the owner of the database, after `tolka ingest` has made the store in it:
--     psql -d archive -f postgresql-roles.sql
-- then give them to those who log in: GRANT tolka_worker TO node1;
-- The owner alone can make the tables and bring them up to date; tolka says so when an older store meets a newer program.

CREATE ROLE tolka_reader NOLOGIN;
CREATE ROLE tolka_worker NOLOGIN;
CREATE ROLE tolka_ingest NOLOGIN;

GRANT USAGE ON SCHEMA tolka TO tolka_reader, tolka_worker, tolka_ingest;

-- facts, search, export, status: nothing is written.
GRANT SELECT ON ALL TABLES IN SCHEMA tolka TO tolka_reader, tolka_worker, tolka_ingest;
ALTER DEFAULT PRIVILEGES IN SCHEMA tolka GRANT SELECT ON TABLES TO tolka_reader, tolka_worker, tolka_ingest;

-- work: takes work, writes results. It takes no files in.
GRANT INSERT, UPDATE, DELETE ON tolka.work, tolka.packed, tolka.fault, tolka.record, tolka.page, tolka.sheet, tolka.sheet_column, tolka.sheet_row,
    tolka.cell, tolka.fact, tolka.verdict, tolka.section, tolka.goal, tolka.signature, tolka.correction, tolka.problem, tolka.likeness,
    tolka.likeness_band, tolka.amendment, tolka.missing TO tolka_worker, tolka_ingest;
GRANT INSERT, UPDATE ON tolka.recipe, tolka.run, tolka.report TO tolka_worker, tolka_ingest;
GRANT UPDATE, DELETE ON tolka.file TO tolka_worker; -- a file that is gone passes its report to another path
GRANT DELETE ON tolka.content TO tolka_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA tolka TO tolka_worker, tolka_ingest;

-- ingest: takes files in besides.
GRANT INSERT, UPDATE, DELETE ON tolka.file, tolka.content TO tolka_ingest;
