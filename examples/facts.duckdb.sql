-- tolka convert -f jsonl -o facts/ archive/*.pdf && duckdb < facts.duckdb.sql
-- The equity of each organisation, year by year. DuckDB is no package of Debian 12: get it from duckdb.org.
SELECT organisation, column_to AS year_end, value, unit, path, page
FROM read_json_auto('facts/*.jsonl', format = 'newline_delimited')
WHERE kind = 'balance_sheet' AND item = 'total_equity' AND status IN ('confirmed', 'read')
ORDER BY organisation, year_end;
