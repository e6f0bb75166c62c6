-- Version 2: how alike reports are by their text (ingest/likeness.c). Records that are there already get theirs when they are put anew.

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
