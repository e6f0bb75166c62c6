#!/usr/bin/env python3
"""validate.py RECORD.json ...: checks records against schema/record.schema.json, and what a schema cannot say.

Needs Debian's python3-jsonschema. Exit status 0 when all are valid, 1 when one is not (a line each), 2 when it cannot be told.
"""
import json
import pathlib
import sys

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schema" / "record.schema.json"


def inner_faults(record):
    """Yields what does not fit together inside a valid record."""
    for table in record["tables"]:
        width, height = len(table["columns"]), len(table["rows"])
        if table["header_rows"] > height:
            yield f"{table['id']}: more header rows than rows"
        for number, row in enumerate(table["rows"]):
            if len(row["cells"]) != width:
                yield f"{table['id']} row {number}: {len(row['cells'])} cells for {width} columns"
            for cell in row["cells"]:
                if cell["page"] not in table["pages"]:
                    yield f"{table['id']} row {number}: a cell on page {cell['page']}, which the table does not name"
        for check in table["checks"]:
            if any(row >= height or column >= width for row, column in check["cells"]):
                yield f"{table['id']}: check {check['rule']} names a cell outside the table"
    ids = [table["id"] for table in record["tables"]]
    if len(set(ids)) != len(ids):
        yield "two tables of one id"
    for goal in record["goals"]:
        if goal["table"] is not None and goal["table"] not in ids:
            yield f"a goal names the table {goal['table']}, which is not there"


def main(paths):
    try:
        import jsonschema
    except ImportError:
        print("validate.py: python3-jsonschema is not installed", file=sys.stderr)
        return 2
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    bad = False
    for path in paths:
        with open(path, encoding="utf-8") as file:
            record = json.load(file)
        faults = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(record)]
        for fault in faults or inner_faults(record):
            print(f"{path}: {fault}")
            bad = True
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
