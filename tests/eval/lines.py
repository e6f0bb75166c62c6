"""A text repair measured line by line: words set right, missed and broken, and figures touched."""
import difflib
import re
import unicodedata
from collections import Counter

COLUMNS = ("words", "before", "after", "fixed", "missed", "broken", "figures", "changed/10k")
FOLD = str.maketrans("åäöéÅÄÖÉ", "aaoeAAOE")


def fold(text):
    """TEXT without the marks of å, ä, ö and é, as a recogniser without Swedish gives it."""
    return text.translate(FOLD)


def letters(line):
    return [w for w in unicodedata.normalize("NFC", line).split() if any(map(str.isalpha, w))]


def figures(line):
    return Counter(w for w in line.split() if any(map(str.isdigit, w)) and not any(map(str.isalpha, w)))


def kept(truth, other):
    """Which words of TRUTH, by index, stand in OTHER in their order."""
    if truth == other:
        return set(range(len(truth)))
    matcher = difflib.SequenceMatcher(None, truth, other, autojunk=False)
    return {a + k for a, _, size in matcher.get_matching_blocks() for k in range(size)}


def doubtful_lines(text):
    """The line numbers (from 1) that a list of `N` or `N-M` lines names."""
    out = set()
    for match in re.finditer(r"^\s*(\d+)(?:-(\d+))?", text, re.M):
        out.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return out


def measure(raw, truth, output, skip=()):
    """Counts over the lines of RAW (what came in), TRUTH and OUTPUT (the repair); SKIP holds line numbers to leave out."""
    counts = Counter()
    for n, (before, true, after) in enumerate(zip(raw, truth, output, strict=True), 1):
        if n in skip:
            continue
        words = letters(true)
        right, repaired = kept(words, letters(before)), kept(words, letters(after))
        counts.update(words=len(words), before=len(right), after=len(repaired), fixed=len(repaired - right),
                      broken=len(right - repaired), missed=len(words) - len(right | repaired))
        counts["figures"] += ((figures(before) & figures(true)) - figures(after)).total()
    return counts


def printed(counts):
    share = lambda name: f"{counts[name] / max(1, counts['words']):.4f}"
    return [str(counts["words"]), share("before"), share("after"), str(counts["fixed"]), str(counts["missed"]), str(counts["broken"]),
            str(counts["figures"]), f"{10000 * counts['broken'] / max(1, counts['words']):.2f}"]
