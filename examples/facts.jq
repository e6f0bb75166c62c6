# tolka convert -f jsonl report.pdf | jq -r -f facts.jq: the income statement's confirmed figures, one a line.
select(.kind == "income_statement" and .status == "confirmed")
| [.organisation, .item // .label, .column_to // .column, .value, .unit]
| @tsv
