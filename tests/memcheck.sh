#!/bin/sh
# memcheck.sh TOLKA: valgrind on one page of each kind of input; fails on an error or a definite leak in our code.
set -eu
tolka=$1
export TOLKA_SANDBOX=off # valgrind needs calls that a shut-in worker has not
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
crop="-r 150 -f 2 -l 2 -x 100 -y 100 -W 1000 -H 300" # recognition takes minutes a page under valgrind
report=$(ls corpus/*-office.pdf | head -1)
pdftoppm $crop -png "$report" "$dir/page"
png=$(ls "$dir"/page*.png | head -1)
pdftoppm $crop -jpeg "$report" "$dir/page"
pdftoppm $crop -tiff "$report" "$dir/page"
printf 'Målet ar en 6kad samverkan.\nSumma\t1 200\n' >"$dir/page.txt"
for file in "$report" "${report%-office.pdf}.pdf" "$png" "$dir"/page*.jpg "$dir"/page*.tif "$dir/page.txt"; do
    echo "valgrind: $(basename "$file")"
    valgrind --quiet --trace-children=yes --leak-check=full --errors-for-leak-kinds=definite --log-file="$dir/log.%p" \
        --suppressions=tests/valgrind.supp "$tolka" convert -q --jobs 1 --page-timeout 3600 --pages 1 -o "$dir/out.json" "$file"
done
cat "$dir"/log.* >"$dir/reports" 2>/dev/null || true
if [ -s "$dir/reports" ]; then
    cat "$dir/reports"
    exit 1
fi
echo "valgrind: nothing to report"
