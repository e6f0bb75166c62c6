-- Rows of :reports made reports in an empty store of PostgreSQL, for measuring how soon the first answer is there (tests/scale/million.py).
SET search_path = tolka, pg_temp;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
DROP INDEX page_words;

INSERT INTO recipe (id, program, model_sha256, rules_sha256, options) VALUES (1, 'made', '', '', '');
INSERT INTO report (id, sha256, path, bytes, pages, state, recipe_id, run_id, has_record, kind, title, organisation, organisation_key, period_from,
    period_to, pages_read, facts)
SELECT i, lpad(to_hex(i), 64, '0'), 'archive/' || i / 1000 || '/report-' || i || '.pdf', 100000, 1, 'done', 1, 1, 1, 'annual_report', 'Årsredovisning',
    'Organisation ' || i % 3000, 'organisation ' || i % 3000, 1990 + i % 35 || '-01-01', 1990 + i % 35 || '-12-31', 1, 8
FROM generate_series(1, :reports::bigint) AS i;
INSERT INTO page (id, report_id, page, width, height, dpi, origin, rotation, skew, confidence, text)
SELECT i * 1048576 + 1, i, 1, 2480, 3508, 300, 'ocr', 0, 0, 0.9,
    'Kommunen redovisar budget för året diarie' || i || ' ord' || i % 997 || ' ord' || i % 9973 || ' ort' || i % 290 ||
    ' nämnden verksamheten ekonomin resultatet balansräkningen tillgångar skulder eget kapital'
FROM generate_series(1, :reports::bigint) AS i;
INSERT INTO sheet (report_id, number, name, kind, first_page, last_page, header_rows, row_count, column_count)
SELECT i, 1, 't1', (ARRAY['income_statement', 'balance_sheet', 'cash_flow', 'budget_followup'])[1 + i % 4], 1, 1, 1, 4, 3
FROM generate_series(1, :reports::bigint) AS i;
INSERT INTO sheet_column (report_id, number, col, label, period_to)
SELECT i, 1, c, CASE c WHEN 0 THEN '' ELSE 1991 + i % 35 - c || '' END, CASE c WHEN 0 THEN NULL ELSE 1991 + i % 35 - c || '-12-31' END
FROM generate_series(1, :reports::bigint) AS i, generate_series(0, 2) AS c;
INSERT INTO cell (id, report_id, number, row, col, page, mantissa, scale, confidence, status, text)
SELECT i * 16777216 + r * 3 + c, i, 1, r, c, 1, CASE WHEN c > 0 THEN i * r END, CASE WHEN c > 0 THEN 0 END, 0.9, 'read',
    CASE c WHEN 0 THEN 'Post ' || r ELSE (i * r)::text END
FROM generate_series(1, :reports::bigint) AS i, generate_series(1, 4) AS r, generate_series(0, 2) AS c;
DROP INDEX fact_kind, fact_item, fact_period, fact_doubtful; -- made again below: far quicker
INSERT INTO fact (cell_id, kind, item, period_to, status)
SELECT i * 16777216 + r * 3 + c, (ARRAY['income_statement', 'balance_sheet', 'cash_flow', 'budget_followup'])[1 + i % 4],
    (ARRAY['equity', 'result', 'total_assets', 'net_sales'])[r], 1991 + i % 35 - c || '-12-31', CASE WHEN i % 50 = 0 THEN 'doubtful' ELSE 'read' END
FROM generate_series(1, :reports::bigint) AS i, generate_series(1, 4) AS r, generate_series(1, 2) AS c;
CREATE INDEX fact_kind ON fact (kind, period_to NULLS FIRST, cell_id);
CREATE INDEX fact_item ON fact (item, period_to NULLS FIRST, kind, cell_id) WHERE item IS NOT NULL;
CREATE INDEX fact_period ON fact (period_to, cell_id);
CREATE INDEX fact_doubtful ON fact (status, cell_id) WHERE status IN ('doubtful', 'corrected');
CREATE INDEX page_words ON page USING GIN (words);
VACUUM ANALYZE;
