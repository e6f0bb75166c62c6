# tolka convert report.pdf | jq -r -f misprints.jq: what a report says that does not add up, and what would.
.source.path as $path
| .tables[] as $table
| $table.checks[]
| select(.verdict == "misprint")
| .cells[0] as [$row, $column]
| $table.rows[$row] as $line
| [$path, .page, $table.kind, $line.cells[0].text, $line.cells[$column].text, .expected]
| @tsv
