#!/usr/bin/python3
"""make.py [--check] [NAME...]: makes corpus/ again from its sources: PDF, scans and answers; the same bytes every time.

--check: makes nothing; works out every sum of the printed answers again and says what does not add up. It must be the
misprints that the sources declare, and nothing else.
"""
import json
import sys
from pathlib import Path

import markup

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def luhn_holds(orgnr):
    digits = [int(c) for c in orgnr if c.isdigit()]
    total = sum(sum(divmod(d * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(digits))
    return len(digits) == 10 and digits[2] >= 2 and total % 10 == 0


def make(source):
    import scan
    import typeset
    report, name = markup.parse(source), source.stem
    pdf = CORPUS / f"{name}.pdf"
    answers = typeset.typeset(report, str(pdf))
    (CORPUS / f"{name}.json").write_text(json.dumps(answers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for level in report.meta["scans"].split():
        scan.scan(pdf, CORPUS / f"{name}-{level}.pdf", level)
    print(f"{name}: {len(answers['pages'])} pages, {len(answers['tables'])} tables")


def check(source):
    """The number of places in the report that are wrong without being declared, or declared and right."""
    report = markup.parse(source)
    answers = json.loads((CORPUS / f"{source.stem}.json").read_text(encoding="utf-8"))
    found = markup.check(report, {t["id"]: t["rows"] for t in answers["tables"]})
    meant = {f"{table}.{key}@{column + 1}" for table, key, column in report.misprints}
    for place, printed, expected in found:
        print(f"{source.stem}: {place} says {printed}, adds up to {expected}" + (" (meant)" if place in meant else ""))
    bad = {place for place, _, _ in found} ^ meant
    if not luhn_holds(report.meta["orgnr"]):
        print(f"{source.stem}: {report.meta['orgnr']} is no organisation number")
        bad.add("orgnr")
    return len(bad)


def main(arguments):
    names = [a for a in arguments if not a.startswith("--")]
    sources = [s for s in sorted((CORPUS / "src").glob("*.txt")) if not names or s.stem in names]
    try:
        if "--check" not in arguments:
            for source in sources:
                make(source)
        wrong = sum(check(source) for source in sources)
    except markup.SourceError as error:
        sys.exit(str(error))
    print(f"{len(sources)} reports, {wrong} places wrong")
    return 1 if wrong or not sources else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
