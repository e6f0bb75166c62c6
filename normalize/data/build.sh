#!/bin/sh
# build.sh TOLKA TEXTS OUT: builds the shipped model OUT with the program TOLKA from the texts in the folder TEXTS (README.md names them).
# The same texts give the same bytes. Needs xz-utils, hunspell-sv and hunspell-tools.
set -eu
tolka=$1 texts=$2 out=$3
data=$(dirname "$0")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for name in almedalen interpellationer regeringen_g0vse sfs_lagtext finlex_sample; do
    xzcat "$texts/train/$name.txt.xz" >"$tmp/$name.txt"
done
# Names that at least 100 people bear; places, municipalities, agencies.
for name in kvinnor man; do
    awk -F, 'NR > 1 && $2 >= 100 { print $1 }' "$texts/names/svensktext_fornamn-$name.csv"
done >"$tmp/names"
{
    tail -n +2 "$texts/names/svensktext_ortsnamn.csv"
    tail -n +2 "$texts/names/svensktext_kommuner.csv" | cut -d, -f2
    tail -n +2 "$texts/names/svensktext_myndigheter.tsv" | cut -f2
} >>"$tmp/names"
# Inflected forms: those with marks as words, those without only as what stands as it is.
unmunch /usr/share/hunspell/sv_SE.dic /usr/share/hunspell/sv_SE.aff 2>/dev/null |
    LC_ALL=C.UTF-8 grep -E '^[A-Za-zåäöéÅÄÖÉ]{4,15}$' | LC_ALL=C sort -u >"$tmp/all"
LC_ALL=C.UTF-8 grep '[åäöéÅÄÖÉ]' "$tmp/all" >"$tmp/forms"
LC_ALL=C.UTF-8 grep -v '[åäöéÅÄÖÉ]' "$tmp/all" >"$tmp/plain"
"$tolka" train -q -o "$out" -w "$tmp/forms" -w "$tmp/names" -k "$tmp/plain" -m 35651584 -c "$data/confusions.tsv" \
    -n "Statistics of public Swedish text; sources and licences in normalize/data/README.md" \
    "$tmp/almedalen.txt" "$tmp/interpellationer.txt" "$tmp/regeringen_g0vse.txt" "$tmp/sfs_lagtext.txt" -e 3 "$tmp/finlex_sample.txt"
sha256sum "$out"
