#!/bin/sh
# archive.sh FOLDER OUT: every PDF in FOLDER becomes OUT/NAME.json; then OUT/facts.tsv has all their known figures in one table and
# OUT/look.tsv the figures that someone should look at: file, page, what it is, as it was read.
set -eu
[ $# -eq 2 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
folder=$1
out=$2
mkdir -p "$out"

# 123: some had problems, each is told on standard error.
find "$folder" -name '*.pdf' -print0 | sort -z | xargs -0 tolka convert -q -o "$out/" || [ $? -eq 123 ]

cells='.source.path as $path | .report.organisation as $who | .tables[]
    | [.columns[] | .period.to // .label] as $when | .rows[] | .item as $item | .cells[0].text as $name
    | .cells | to_entries[] | select(.value.value != null) | .key as $column | .value'

jq -r "$cells | select(\$item) | [\$who, \$item, \$when[\$column], .value, .unit, .status, .page] | @tsv" \
    "$out"/*.json >"$out/facts.tsv"
jq -r "$cells | select(.status == \"doubtful\") | [\$path, .page, \$name, .raw] | @tsv" "$out"/*.json >"$out/look.tsv"

wc -l "$out/facts.tsv" "$out/look.tsv"
