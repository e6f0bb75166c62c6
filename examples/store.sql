-- tolka ingest --store archive.store archive/ && sqlite3 -box archive.store < store.sql
-- What readers may use of a store are its views; docs/store.md has them all.

-- Each organisation's total assets over the years.
SELECT organisation, year, printf('%d', value) AS total_assets, unit, status, path, page
FROM facts
WHERE kind = 'balance_sheet' AND item = 'total_assets'
ORDER BY organisation, year, path;

-- How far each kind of table can be trusted.
SELECT kind, count(*) AS figures, sum(status = 'confirmed') AS confirmed, sum(status = 'doubtful') AS doubtful
FROM facts
GROUP BY kind
ORDER BY figures DESC;
