#!/bin/sh
# check.sh RELEASE SANITIZE [THREAD]: runs every test and ends with one line that counts them. The unit tests run in both builds.
set -u
release=$1
sanitize=$2
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# count NUMBER-PASSED NUMBER-FAILED NAME
count() {
    passed=$((passed + $1))
    failed=$((failed + $2))
    if [ "$2" -eq 0 ]; then echo "ok      $3 ($1)"; else echo "FAILED  $3 ($2 of $(($1 + $2)))"; cat "$log"; fi
}

# A cmocka program: its last lines say how many passed and failed; one that dies counts as one failure.
unit() {
    "$@" >"$log" 2>&1
    status=$?
    shift $(($# - 1))
    good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$log" | tail -1)
    bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$log" | tail -1)
    [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ] && bad=1
    count "${good:-0}" "${bad:-0}" "$1"
}

# A program that ends with "N passed, N failed".
program() {
    name=$1
    shift
    "$@" >"$log" 2>&1
    status=$?
    good=$(sed -n 's/^\(.*[^0-9]\)\{0,1\}\([0-9][0-9]*\) passed, [0-9]* failed.*/\2/p' "$log" | tail -1)
    bad=$(sed -n 's/^.* passed, \([0-9]*\) failed.*/\1/p' "$log" | tail -1)
    [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ] && bad=1
    count "${good:-0}" "${bad:-0}" "$name"
}

for build in "$release" "$sanitize"; do
    for test in "$build"/tests/test_*; do
        case $test in *.d | *.o) ;; *) [ -x "$test" ] && unit "$test" ;; esac
    done
    for test in run files work look search corrections; do # the same tests on the other engine
        unit python3 tests/postgres/cluster.py "$build/tests/test_store_$test"
    done
done
TOLKA="$release/tolka" program "the program as a process" python3 tests/e2e/e2e.py
TOLKA="$release/tolka" MAKE_STORE="$release/tools/make_store" program "what looks into a store" python3 tests/e2e/store.py
TOLKA="$release/tolka" MAKE_STORE="$release/tools/make_store" program "an archive in the browser" python3 tests/e2e/serve.py
TOLKA="$release/tolka" program "review, apply, and what is learned" python3 tests/e2e/review.py
TOLKA="$release/tolka" program "an ingest killed, starved and poisoned" python3 tests/faults/faults.py
TOLKA="$release/tolka" program "many programs on one PostgreSQL" python3 tests/postgres/shared.py
TOLKA="$release/tolka" program "hosts and servers that fail" python3 tests/postgres/faults.py
TOLKA="$release/tolka" program "pages as they come from scanners" python3 tests/e2e/anypage.py
TOLKA="$release/tolka" program "pictures in every encoding, pages of every kind" python3 tests/e2e/pictures.py
TOLKA="$release/tolka" program "the order in which pages are read" python3 tests/e2e/layout.py
program "installed, and its examples" python3 tests/e2e/installed.py
TOLKA="$release/tolka" program "what the documents show" python3 tests/e2e/docs.py
program "the library in 8 threads" "${3:-build/thread}/bin/threads" 8
TOLKA="$release/tolka" program "quality over corpus/" python3 tests/eval/eval.py --corpus-only --floors tests/eval/floors.json

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
