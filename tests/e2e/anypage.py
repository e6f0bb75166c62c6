#!/usr/bin/env python3
"""anypage.py [-v] [TEST...]: pages as they come from scanners, made from our own corpus: blank, turned, stained, printed over. The program is $TOLKA."""
import random
import subprocess
import sys
import unittest
import zlib
from pathlib import Path

import e2e
import inputs

SCAN = inputs.CORPUS / "stiftelse-protokoll-office.pdf"
DPI = 150


def page_of(pdf, number):
    """(width, height, rows) of a page at DPI; rows of grey bytes."""
    made = subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", "-f", str(number), "-l", str(number), pdf], capture_output=True, check=True).stdout
    _, size, _, body = made.split(b"\n", 3)
    width, height = map(int, size.split())
    return width, height, [bytearray(body[y * width:(y + 1) * width]) for y in range(height)]


def png(rows):
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 1)
    return inputs.png(len(rows[0]), len(rows), packed, DPI)


def turned(rows, quarters):
    """ROWS turned clockwise."""
    for _ in range(quarters):
        rows = [bytearray(column) for column in zip(*rows[::-1])]
    return rows


def darkened(rows, x0, y0, x1, y1, value):
    for row in rows[y0:y1]:
        for x in range(x0, x1):
            row[x] = min(row[x], value)


class AnyPage(e2e.Case):
    def setUp(self):
        super().setUp()
        self.width, self.height, self.rows = page_of(SCAN, 1)

    def read(self, rows):
        return self.records(self.file("page.png", png(rows)))["pages"][0]

    def words(self, rows):
        return set(self.read(rows)["text"].split())

    def assert_reads_as_well(self, rows, least=.95):
        plain = self.words(self.rows)
        self.assertGreater(len(plain), 50)
        self.assertGreater(len(plain & self.words(rows)), least * len(plain))

    def test_pages_turned_by_quarters(self):
        plain = self.words(self.rows)
        for quarters in (1, 2, 3):
            with self.subTest(quarters=quarters):
                page = self.read(turned(self.rows, quarters))
                self.assertEqual(page["rotation"], (360 - 90 * quarters) % 360)
                self.assertEqual((page["width"], page["height"]), (self.width, self.height))
                self.assertGreater(len(plain & set(page["text"].split())), .95 * len(plain))

    def test_blank_page(self):
        self.assertEqual(self.words([bytearray(b"\xfa" * self.width) for _ in range(self.height)]), set())

    def test_blank_page_with_dirt(self):
        rows, chance = [bytearray(b"\xf0" * self.width) for _ in range(self.height)], random.Random(5)
        for _ in range(400):
            x, y = chance.randrange(self.width - 2), chance.randrange(self.height - 2)
            darkened(rows, x, y, x + chance.randint(1, 2), y + chance.randint(1, 2), 60)
        darkened(rows, 0, 0, 12, self.height, 40)
        self.assertEqual(self.words(rows), set())

    def test_photograph(self):
        chance, rows = random.Random(9), []
        grid = [[chance.randrange(20, 240) for _ in range(12)] for _ in range(16)]
        for y in range(self.height):
            fy = y * 14 / self.height
            top, bottom, part = grid[int(fy)], grid[int(fy) + 1], fy % 1
            column = [top[i] * (1 - part) + bottom[i] * part for i in range(12)]
            rows.append(bytearray(int(min(255, max(0, column[int(x * 10 / self.width)] + chance.randrange(-9, 9)))) for x in range(self.width)))
        self.assertLess(len(self.words(rows)), 3)

    def test_streaks_of_the_glass(self):
        for x in (200, 611, 1003):
            darkened(self.rows, x, 0, x + 1, self.height, 150)
        self.assert_reads_as_well([bytearray(row) for row in self.rows], .9)

    def test_punch_holes_and_dark_edge(self):
        rows = [bytearray(row) for row in self.rows]
        for middle in (self.height * 2 // 5, self.height * 3 // 5):
            for y in range(-16, 17):
                half = int((256 - y * y) ** .5)
                darkened(rows, 60 - half, middle + y, 60 + half, middle + y + 1, 50)
        darkened(rows, self.width - 14, 0, self.width, self.height, 50)
        self.assert_reads_as_well(rows)

    def test_uneven_light(self):
        rows = [bytearray(max(0, v - 90 * x // self.width) for x, v in enumerate(row)) for row in self.rows]
        self.assert_reads_as_well(rows)

    def test_print_that_shines_through(self):
        back = page_of(SCAN, 2)[2]
        rows = [bytearray(min(a, 255 - (255 - b) // 5) for a, b in zip(row, reversed(behind))) for row, behind in zip(self.rows, back)]
        self.assert_reads_as_well(rows, .8)

    def test_light_print(self):
        self.assert_reads_as_well([bytearray(255 - (255 - v) * 2 // 5 for v in row) for row in self.rows])

    def test_two_pages_on_one_sheet(self):
        right = page_of(SCAN, 2)[2]
        text = self.read([a + b for a, b in zip(self.rows, right)])["text"].split()
        for rows in (self.rows, right):
            plain = self.words(rows)
            self.assertGreater(len(plain & set(text)), .93 * len(plain))


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2 if "-v" in sys.argv else 1).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
