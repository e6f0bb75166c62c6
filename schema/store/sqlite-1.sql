-- The store, version 1, for SQLite 3.37 or later. What the columns mean: docs/store.md.
-- Tables (singular) are the program's own; readers use the views (plural), which keep their shape.
-- Times are UTC in ISO 8601, boxes in pixels of the scanned page, NULL means "the report does not say".

-- ---- What is worked on ----

-- With what reports are read. Work done by one recipe is not done again by the same.
CREATE TABLE recipe (
    id INTEGER PRIMARY KEY,
    program TEXT NOT NULL,
    model_sha256 TEXT NOT NULL,
    rules_sha256 TEXT NOT NULL,
    options TEXT NOT NULL,
    UNIQUE (program, model_sha256, rules_sha256, options)
) STRICT;

-- One running (or past) ingest.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    recipe_id INTEGER NOT NULL REFERENCES recipe,
    host TEXT NOT NULL,             -- machine, boot and process namespace
    pid INTEGER NOT NULL,
    pid_started INTEGER NOT NULL,   -- clock ticks since boot: a number of a process is used again
    lease_ms INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,   -- milliseconds since 1970
    started_at TEXT NOT NULL,
    beat_at TEXT NOT NULL,
    ended_at TEXT,                  -- NULL: alive, as far as is known
    pages_done INTEGER NOT NULL DEFAULT 0,
    pages_failed INTEGER NOT NULL DEFAULT 0,
    reports_done INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One content. `state`: queued, done, failed. A superseded one has no file left that holds its content.
CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    pages INTEGER NOT NULL,         -- 0: not known
    state TEXT NOT NULL CHECK (state IN ('queued', 'done', 'failed')),
    superseded INTEGER NOT NULL DEFAULT 0,
    recipe_id INTEGER NOT NULL REFERENCES recipe,
    run_id INTEGER NOT NULL,        -- that queued it
    done_at TEXT,
    has_record INTEGER NOT NULL DEFAULT 0,
    kind TEXT,
    title TEXT,
    organisation TEXT,
    organisation_key TEXT,          -- in lower case, for finding
    orgnr TEXT,
    dnr TEXT,
    period_from TEXT,
    period_to TEXT,
    decided TEXT
) STRICT;
CREATE INDEX report_path ON report (path);
CREATE INDEX report_organisation ON report (organisation_key, period_to) WHERE has_record AND organisation_key IS NOT NULL;
CREATE INDEX report_orgnr ON report (orgnr, period_to) WHERE has_record AND orgnr IS NOT NULL;

-- Where contents lay.
CREATE TABLE file (
    path TEXT PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report,
    bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX file_report ON file (report_id, path);

-- Files that could not be taken in.
CREATE TABLE missing (
    path TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is left to do. page 0: open the report; 1 and up: that page; 2147483647: finish the report.
CREATE TABLE work (
    report_id INTEGER NOT NULL REFERENCES report,
    page INTEGER NOT NULL,
    recipe_id INTEGER NOT NULL,
    run_id INTEGER,                 -- that claimed it, else NULL
    claim INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    lost INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (report_id, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_waiting ON work (recipe_id, report_id, page) WHERE run_id IS NULL;
CREATE INDEX work_claimed ON work (run_id, recipe_id) WHERE run_id IS NOT NULL;

-- Pages that are done while their report is not. Deflated (zlib) where that is shorter than `size`.
-- id = report_id * 1048576 + page
CREATE TABLE packed (
    id INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- What went wrong with a report while it is not done.
CREATE TABLE fault (
    report_id INTEGER NOT NULL REFERENCES report,
    page INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    stage TEXT,
    signal INTEGER NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (report_id, page, code, message)
) STRICT, WITHOUT ROWID;

-- ---- What came out ----

-- The record as `tolka convert` writes it. Deflated (zlib) where that is shorter than `size`.
CREATE TABLE record (
    report_id INTEGER PRIMARY KEY REFERENCES report,
    size INTEGER NOT NULL,
    json BLOB NOT NULL
) STRICT;

-- id = report_id * 1048576 + page
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report,
    page INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    dpi INTEGER NOT NULL,
    origin TEXT NOT NULL,
    rotation INTEGER NOT NULL,
    skew REAL NOT NULL,
    confidence REAL NOT NULL,
    text TEXT NOT NULL
) STRICT;

-- å, ä and ö are letters of their own, as in Swedish.
CREATE VIRTUAL TABLE page_text USING fts5 (
    text, content = 'page', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE page_word USING fts5vocab (page_text, row);

CREATE TABLE sheet ( -- a table of a report
    report_id INTEGER NOT NULL REFERENCES report,
    number INTEGER NOT NULL,        -- from 1, in reading order
    name TEXT NOT NULL,             -- "t1"
    kind TEXT NOT NULL,
    caption TEXT,
    unit TEXT,
    first_page INTEGER NOT NULL,
    last_page INTEGER NOT NULL,
    x0 INTEGER, y0 INTEGER, x1 INTEGER, y1 INTEGER,
    header_rows INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    column_count INTEGER NOT NULL,
    PRIMARY KEY (report_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX sheet_kind ON sheet (kind);

CREATE TABLE sheet_column (
    report_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    col INTEGER NOT NULL,           -- rows and columns count from 0
    label TEXT NOT NULL,
    period_from TEXT,
    period_to TEXT,
    unit TEXT,
    role TEXT,
    PRIMARY KEY (report_id, number, col)
) STRICT, WITHOUT ROWID;

CREATE TABLE sheet_row (
    report_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    row INTEGER NOT NULL,
    item TEXT,
    is_total INTEGER NOT NULL,
    is_group INTEGER NOT NULL,
    PRIMARY KEY (report_id, number, row)
) STRICT, WITHOUT ROWID;

-- id = report_id * 16777216 + count of cells before it in the report. The exact value is mantissa / 10^scale.
CREATE TABLE cell (
    id INTEGER PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report,
    number INTEGER NOT NULL,
    row INTEGER NOT NULL,
    col INTEGER NOT NULL,
    page INTEGER NOT NULL,
    x0 INTEGER, y0 INTEGER, x1 INTEGER, y1 INTEGER,
    mantissa INTEGER,
    scale INTEGER,
    value ANY AS (CASE scale
        WHEN 0 THEN mantissa WHEN 1 THEN mantissa / 10.0 WHEN 2 THEN mantissa / 100.0 WHEN 3 THEN mantissa / 1000.0
        WHEN 4 THEN mantissa / 10000.0 WHEN 5 THEN mantissa / 100000.0 WHEN 6 THEN mantissa / 1000000.0
        WHEN 7 THEN mantissa / 10000000.0 WHEN 8 THEN mantissa / 100000000.0 WHEN 9 THEN mantissa / 1000000000.0 END),
    unit TEXT,
    confidence REAL NOT NULL,
    status TEXT NOT NULL,
    text TEXT NOT NULL,
    raw TEXT                        -- NULL: as `text`
) STRICT;

-- The cells below a heading that state a number, for finding. `period_to`: of the column, else of the report.
CREATE TABLE fact (
    cell_id INTEGER PRIMARY KEY REFERENCES cell,
    kind TEXT NOT NULL,
    item TEXT,
    period_to TEXT,
    status TEXT NOT NULL
) STRICT;
CREATE INDEX fact_kind ON fact (kind, period_to);
CREATE INDEX fact_item ON fact (item, period_to, kind) WHERE item IS NOT NULL;
CREATE INDEX fact_period ON fact (period_to);
CREATE INDEX fact_doubtful ON fact (status) WHERE status IN ('doubtful', 'corrected');

CREATE TABLE verdict ( -- a check of a table
    report_id INTEGER NOT NULL REFERENCES report,
    number INTEGER NOT NULL,
    position INTEGER NOT NULL,      -- from 0, as in the record
    rule TEXT NOT NULL,
    page INTEGER NOT NULL,
    cells TEXT NOT NULL,            -- [[row,column],...]
    expected TEXT NOT NULL,         -- exact decimals
    found TEXT NOT NULL,
    off TEXT NOT NULL,
    verdict TEXT NOT NULL,
    PRIMARY KEY (report_id, number, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_failed ON verdict (verdict) WHERE verdict <> 'holds';

CREATE TABLE section (
    report_id INTEGER NOT NULL REFERENCES report,
    position INTEGER NOT NULL,
    level INTEGER NOT NULL,
    number TEXT,
    title TEXT,
    page INTEGER NOT NULL,
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE goal (
    report_id INTEGER NOT NULL REFERENCES report,
    position INTEGER NOT NULL,
    goal TEXT,
    activity TEXT,
    assessment TEXT,
    fulfilment TEXT,
    page INTEGER NOT NULL,
    sheet TEXT,                     -- name of its table
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE signature (
    report_id INTEGER NOT NULL REFERENCES report,
    position INTEGER NOT NULL,
    name TEXT,
    role TEXT,
    place TEXT,
    page INTEGER NOT NULL,
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE correction ( -- a repaired word
    report_id INTEGER NOT NULL REFERENCES report,
    position INTEGER NOT NULL,
    page INTEGER NOT NULL,
    x0 INTEGER, y0 INTEGER, x1 INTEGER, y1 INTEGER,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    confidence REAL NOT NULL,
    reason TEXT,
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE problem (
    report_id INTEGER NOT NULL REFERENCES report,
    position INTEGER NOT NULL,
    page INTEGER NOT NULL,          -- 0: the report as a whole
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    stage TEXT,
    signal INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX problem_code ON problem (code);

-- ---- Views: what readers use ----

CREATE VIEW reports AS
SELECT r.id AS report_id, r.path, r.sha256, r.bytes, r.pages,
    CASE WHEN r.state = 'queued' AND r.pages > 0 THEN 'working' WHEN r.state = 'queued' THEN 'waiting' ELSE r.state END AS state,
    r.has_record, r.kind, r.title, r.organisation, r.orgnr, r.dnr, r.period_from, r.period_to, r.decided, r.done_at,
    c.program, c.model_sha256, c.rules_sha256, c.options,
    (SELECT count(*) FROM problem p WHERE p.report_id = r.id) AS problems
FROM report r JOIN recipe c ON c.id = r.recipe_id
WHERE NOT r.superseded;

CREATE VIEW files AS
SELECT f.path, r.id AS report_id, r.sha256, f.bytes,
    CASE WHEN f.path <> r.path THEN r.path END AS duplicate_of
FROM file f JOIN report r ON r.id = f.report_id;

CREATE VIEW pages AS
SELECT r.id AS report_id, r.path, p.page, p.width, p.height, p.dpi, p.origin, p.rotation, p.skew, p.confidence, p.text
FROM page p JOIN report r ON r.id = p.report_id
WHERE NOT r.superseded;

CREATE VIEW tables AS
SELECT r.id AS report_id, r.path, s.number, s.name AS "table", s.kind, s.caption, s.unit, s.first_page, s.last_page,
    s.x0, s.y0, s.x1, s.y1, s.header_rows, s.row_count, s.column_count
FROM sheet s JOIN report r ON r.id = s.report_id
WHERE NOT r.superseded;

CREATE VIEW cells AS
SELECT r.id AS report_id, r.path, s.name AS "table", s.kind, c.row, c.col, w.item, k.label AS "column", c.page,
    c.x0, c.y0, c.x1, c.y1, c.text, coalesce(c.raw, c.text) AS raw, c.value, c.unit, c.confidence, c.status
FROM cell c
JOIN report r ON r.id = c.report_id
JOIN sheet s ON s.report_id = c.report_id AND s.number = c.number
JOIN sheet_row w ON w.report_id = c.report_id AND w.number = c.number AND w.row = c.row
JOIN sheet_column k ON k.report_id = c.report_id AND k.number = c.number AND k.col = c.col
WHERE NOT r.superseded;

-- The columns of `tolka facts`, and the year that a fact is about.
CREATE VIEW facts AS
SELECT r.sha256, r.path, c.page, r.kind AS report_kind, r.organisation, r.period_from, r.period_to,
    s.name AS "table", f.kind, f.item,
    (SELECT l.text FROM cell l WHERE l.id = c.id - c.col) AS label,
    k.label AS "column", k.period_from AS column_from, k.period_to AS column_to,
    c.text, coalesce(c.raw, c.text) AS raw, c.value, c.unit, c.confidence, f.status, c.x0, c.y0, c.x1, c.y1,
    f.period_to AS fact_to, CAST(substr(f.period_to, 1, 4) AS INTEGER) AS year, r.orgnr, r.id AS report_id
FROM fact f
JOIN cell c ON c.id = f.cell_id
JOIN report r ON r.id = c.report_id
JOIN sheet s ON s.report_id = c.report_id AND s.number = c.number
JOIN sheet_column k ON k.report_id = c.report_id AND k.number = c.number AND k.col = c.col
WHERE NOT r.superseded;

CREATE VIEW checks AS
SELECT r.id AS report_id, r.path, r.organisation, r.period_to, s.name AS "table", s.kind, v.rule, v.page, v.cells,
    v.expected, v.found, v.off, v.verdict
FROM verdict v
JOIN report r ON r.id = v.report_id
JOIN sheet s ON s.report_id = v.report_id AND s.number = v.number
WHERE NOT r.superseded;

CREATE VIEW checks_failed AS SELECT * FROM checks WHERE verdict <> 'holds';

CREATE VIEW misprints AS SELECT * FROM checks WHERE verdict = 'misprint';

CREATE VIEW sections AS
SELECT r.id AS report_id, r.path, s.position, s.level, s.number, s.title, s.page
FROM section s JOIN report r ON r.id = s.report_id
WHERE NOT r.superseded;

CREATE VIEW goals AS
SELECT r.id AS report_id, r.path, r.organisation, r.period_to, g.goal, g.activity, g.assessment, g.fulfilment, g.page,
    g.sheet AS "table"
FROM goal g JOIN report r ON r.id = g.report_id
WHERE NOT r.superseded;

CREATE VIEW signatures AS
SELECT r.id AS report_id, r.path, r.organisation, r.period_to, s.name, s.role, s.place, s.page
FROM signature s JOIN report r ON r.id = s.report_id
WHERE NOT r.superseded;

CREATE VIEW corrections AS
SELECT r.id AS report_id, r.path, c.page, c.x0, c.y0, c.x1, c.y1, c."from", c."to", c.confidence, c.reason
FROM correction c JOIN report r ON r.id = c.report_id
WHERE NOT r.superseded;

-- Of reports, of pages and of files that could not be taken in.
CREATE VIEW problems AS
SELECT r.id AS report_id, r.path, nullif(p.page, 0) AS page, p.code, p.message, p.stage, nullif(p.signal, 0) AS signal,
    nullif(p.seconds, 0) AS seconds
FROM problem p JOIN report r ON r.id = p.report_id
WHERE NOT r.superseded
UNION ALL
SELECT r.id, r.path, nullif(f.page, 0), f.code, f.message, f.stage, nullif(f.signal, 0), nullif(f.seconds, 0)
FROM fault f JOIN report r ON r.id = f.report_id
UNION ALL
SELECT NULL, path, NULL, code, message, NULL, NULL, NULL FROM missing;

CREATE VIEW runs AS
SELECT u.id AS run_id, u.host, u.pid, u.started_at, u.beat_at, u.ended_at, u.pages_done, u.pages_failed, u.reports_done,
    c.program, c.model_sha256, c.rules_sha256, c.options
FROM run u JOIN recipe c ON c.id = u.recipe_id;
