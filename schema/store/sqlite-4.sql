-- Version 4.

-- What people found on review pages. It outlives the record: a new ingest of the report takes it in again. One a place: its box,
-- or the cell's place in its table where nothing was read and there is no box.
CREATE TABLE amendment (
    report_id INTEGER NOT NULL REFERENCES report,
    page INTEGER NOT NULL,
    x0 INTEGER NOT NULL, y0 INTEGER NOT NULL, x1 INTEGER NOT NULL, y1 INTEGER NOT NULL,
    sheet TEXT NOT NULL,            -- '' where there is a box
    row INTEGER NOT NULL,
    col INTEGER NOT NULL,
    raw TEXT NOT NULL,
    said TEXT NOT NULL,             -- before
    made TEXT NOT NULL,             -- after
    made_by TEXT,
    made_at TEXT,
    line TEXT NOT NULL,             -- all of it, as the review page wrote it
    PRIMARY KEY (report_id, page, x0, y0, x1, y1, sheet, row, col)
) STRICT, WITHOUT ROWID;

CREATE VIEW amendments AS
SELECT r.id AS report_id, r.path, a.page, a.x0, a.y0, a.x1, a.y1, a.raw, a.said AS "from", a.made AS "to",
    a.made_by AS "by", a.made_at AS "at"
FROM amendment a JOIN report r ON r.id = a.report_id
WHERE NOT r.superseded;
