-- Version 2.

-- How alike reports are by their text (ingest/likeness.c). Records that are there already get theirs when they are put anew.

CREATE TABLE likeness (
    report_id INTEGER PRIMARY KEY REFERENCES report,
    hashes BLOB NOT NULL
) STRICT;

-- Reports that share a hash may be alike.
CREATE TABLE likeness_band (
    hash INTEGER NOT NULL,
    report_id INTEGER NOT NULL REFERENCES report,
    PRIMARY KEY (hash, report_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX likeness_band_report ON likeness_band (report_id);

-- What `tolka status` counts, so that it need not count rows.
ALTER TABLE report ADD COLUMN pages_read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN facts INTEGER NOT NULL DEFAULT 0;
UPDATE report SET pages_read = (SELECT count(*) FROM page WHERE page.id BETWEEN report.id * 1048576 AND report.id * 1048576 + 1048575),
    facts = (SELECT count(*) FROM fact WHERE cell_id BETWEEN report.id * 16777216 AND report.id * 16777216 + 16777215);
CREATE INDEX report_state ON report (superseded, state, pages, pages_read, facts);
