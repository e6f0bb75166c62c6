#!/usr/bin/python3
"""count_confusions.py [--min N] GOLD RAW [GOLD RAW ...] > confusions.tsv: counts what a recogniser misreads.

Aligns read lines with the true ones (print_and_read.py makes such pairs), word by word where both have the same number of words, letter
by letter inside a word, and prints `truth TAB raw TAB count` for every misreading of up to two letters as up to two. A lost mark (a for
å or ä, o for ö, e for é) is no row: how often that happens is a matter of the text at hand. All in lower case.
"""
import sys
from collections import Counter

FOLD = str.maketrans("åäöéèüáà", "aaoeeuaa")


def align(truth, raw):
    """The cheapest pieces (truth, raw) that make both words, of 1:1, 1:2, 2:1 and 2:2 letters."""
    best = {(0, 0): (0.0, None, None)}
    for i in range(len(truth) + 1):
        for j in range(len(raw) + 1):
            if (i, j) not in best:
                continue
            cost = best[i, j][0]
            for a, b, price in ((1, 1, 1.0), (1, 2, 1.4), (2, 1, 1.4), (2, 2, 2.3), (1, 0, 1.6), (0, 1, 1.6)):
                x, y = truth[i:i + a], raw[j:j + b]
                if len(x) < a or len(y) < b:
                    continue
                if (a, b) == (1, 1):
                    price = 0 if x == y else .3 if x.translate(FOLD) == y.translate(FOLD) else 1.0
                new = cost + price
                if (i + a, j + b) not in best or new < best[i + a, j + b][0]:
                    best[i + a, j + b] = (new, (i, j), (x, y))
    at, pieces = (len(truth), len(raw)), []
    while at != (0, 0):
        _, before, piece = best[at]
        pieces.append(piece)
        at = before
    return best[len(truth), len(raw)][0], pieces[::-1]


def count_word(truth, raw, counts):
    if truth == raw:
        return
    cost, pieces = align(truth, raw)
    if cost > 1 + len(truth) * .35:
        return
    for k, (x, y) in enumerate(pieces):
        if x == y or (len(x) == len(y) == 1 and x.translate(FOLD) == y and x not in "éèüáà"):
            continue
        if not x and k:                       # a letter too many: together with the one before
            x, y = pieces[k - 1][0], pieces[k - 1][1] + y
        elif not y and k:
            x, y = pieces[k - 1][0] + x, pieces[k - 1][1]
        if x and y and x != y:
            counts[x, y] += 1


def main(argv):
    least = 2
    if argv[0] == "--min":
        least, argv = int(argv[1]), argv[2:]
    counts = Counter()
    for gold, raw in zip(argv[::2], argv[1::2]):
        for g, r in zip(open(gold, encoding="utf-8"), open(raw, encoding="utf-8")):
            g, r = g.lower().split(), r.lower().split()
            if len(g) == len(r):
                for x, y in zip(g, r):
                    if any(c.isalpha() for c in x):
                        count_word(x.strip(".,;:()\"'!?”»"), y.strip(".,;:()\"'!?”»"), counts)
    for (x, y), n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        letters = all(c.isalnum() or c == "&" for c in x + y) and all(ord(c) < 256 for c in x + y)
        if n >= least and letters and any(c.isalpha() for c in x):
            print(f"{x}\t{y}\t{n}")


main(sys.argv[1:])
