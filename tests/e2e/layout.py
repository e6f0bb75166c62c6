#!/usr/bin/env python3
"""layout.py [-v] [TEST...]: the order in which made pages are read: columns, notes, tables among columns, furniture, headings and lists,
as the pages' own text and from a scan of them. The program is $TOLKA."""
import sys
import unittest

import e2e
import inputs
import pdfpages

SENTENCES = """Nämnden har under året arbetat med att förbättra tillgängligheten för invånarna i hela kommunen.
Verksamheten har tagit fram en gemensam handlingsplan som beskriver hur arbetet ska fortsätta.
Flera åtgärder har genomförts tillsammans med föreningar och företag i området.
Uppföljningen visar att de flesta aktiviteter kommer att slutföras enligt planeringen.
Personalens kompetens är en förutsättning för att målen ska kunna nås på längre sikt.
Under hösten startade en utbildning som riktar sig till nyanställda medarbetare.
Resultatet av enkäten presenteras för ledningsgruppen och används i det fortsatta arbetet.
Kostnaderna för lokaler har minskat eftersom två fastigheter har lämnats under våren.
Samverkan med regionen fungerar väl och ska fördjupas under den kommande perioden.
Ungdomarna deltar i planeringen av verksamheten och lämnar egna förslag till förändringar.""".split("\n")


def prose(number, sentences=3):
    """A paragraph that no other NUMBER has."""
    chosen = [SENTENCES[(number * 3 + i * 7) % len(SENTENCES)] for i in range(sentences)]
    return " ".join([f"Enhet {number + 1} redovisar sitt arbete här.", *chosen])


def two_columns(top=80, bottom=760):
    return [(56, top, 230, bottom), (309, top, 230, bottom)]


class Layout(e2e.Case):
    def scan(self, pages):
        """The first page as a scanner has it."""
        return self.file("scan.png", inputs.png_of_page(self.file("page.pdf", pages.save()), 1, 200))

    def both(self, pages):
        """Page 1 of the born-digital file and of the scan."""
        yield "born digital", self.records(self.file("page.pdf", pages.save()))
        yield "scan", self.records(self.scan(pages))

    def assert_order(self, text, *pieces):
        """Each of PIECES stands in TEXT, behind the one before."""
        at, text = 0, " ".join(text.replace("-\n", "").split())
        for piece in pieces:
            found = text.find(piece, at)
            self.assertGreaterEqual(found, 0, f"{piece!r} is not behind {text[max(0, at - 60):at]!r}")
            at = found + len(piece)

    def test_two_columns(self):
        pages = pdfpages.Pages()
        pages.text(56, 60, "Förvaltningsberättelse", 18, True)
        pages.flow(two_columns(100), ["# Ekonomi i balans", *map(prose, range(8))])
        for kind, record in self.both(pages):
            with self.subTest(kind):
                self.assert_order(record["pages"][0]["text"], "Förvaltningsberättelse", "Ekonomi i balans",
                                  *(f"Enhet {n + 1} redovisar sitt arbete" for n in range(8)))
                self.assertEqual(record["tables"], [])
                self.assertEqual([s["title"] for s in record["sections"]], ["Förvaltningsberättelse", "Ekonomi i balans"])

    def test_three_columns(self):
        pages = pdfpages.Pages()
        pages.flow([(56 + 166 * i, 80, 150, 700) for i in range(3)], map(prose, range(9)), 9)
        for kind, record in self.both(pages):
            with self.subTest(kind):
                self.assert_order(record["pages"][0]["text"], *(f"Enhet {n + 1} redovisar" for n in range(9)))

    def test_table_across_two_columns(self):
        pages = pdfpages.Pages()
        pages.flow(two_columns(80, 240), map(prose, range(3)))
        for r, row in enumerate((("Belopp i tkr", "2023", "2022"), ("Intäkter", "1 250", "1 180"), ("Kostnader", "-1 190", "-1 140"), ("Resultat", "60", "40"))):
            pages.text(56, 330 + 14 * r, row[0], 10, r == 0)
            pages.right(430, 330 + 14 * r, row[1])
            pages.right(530, 330 + 14 * r, row[2])
        pages.flow(two_columns(420, 580), map(prose, range(3, 6)))
        for kind, record in self.both(pages):
            with self.subTest(kind):
                self.assert_order(record["pages"][0]["text"], "Enhet 2", "Enhet 3", "Intäkter", "1 250", "Resultat", "Enhet 4", "Enhet 6")
                self.assertEqual([len(t["rows"]) for t in record["tables"]], [4])

    def test_table_within_a_column(self):
        pages = pdfpages.Pages()
        pages.flow(two_columns(80, 400), map(prose, range(4)))
        for r, row in enumerate((("Belopp i tkr", "2023", "2022"), ("Intäkter", "1 250", "1 180"), ("Kostnader", "-1 190", "-1 140"), ("Resultat", "60", "40"))):
            pages.text(56, 430 + 14 * r, row[0], 10, r == 0)
            pages.right(220, 430 + 14 * r, row[1])
            pages.right(280, 430 + 14 * r, row[2])
        pages.flow([(309, 413, 230, 760)], map(prose, range(4, 7)))
        for kind, record in self.both(pages):
            with self.subTest(kind):
                self.assertEqual([[len(row["cells"]) for row in t["rows"]] for t in record["tables"]], [[3] * 4])
                self.assert_order(record["pages"][0]["text"], "Enhet 5 redovisar", "Enhet 6 redovisar", "Enhet 7 redovisar")

    def test_notes_in_the_margin(self):
        pages, notes = pdfpages.Pages(), ("Handlingsplan för alla enheter", "Stöd till unga vuxna i arbete", "Lokaler lämnas under våren")
        y = 80
        for n, note in enumerate(notes):
            pages.paragraph(56, y, note, 100, 8.5)
            y = pages.paragraph(190, y, prose(2 * n, 4), 340) + 6
            y = pages.paragraph(190, y, prose(2 * n + 1, 4), 340) + 6
        for kind, record in self.both(pages):
            with self.subTest(kind):
                self.assert_order(record["pages"][0]["text"], *(piece for n, note in enumerate(notes) for piece in (note, f"Enhet {2 * n + 1} redovisar sitt", f"Enhet {2 * n + 2} redovisar sitt")))

    def report(self):
        """Pages with a running header of their own on the left and right, numbered headings, lists and notes at the foot."""
        pages, y = pdfpages.Pages(), 100
        for n in range(4):
            if n:
                pages.new_page()
                y = 100
            pages.text(56, 40, "Årsredovisning för Ekdalens kommun" if n % 2 else "Förvaltningsberättelse 2023", 8)
            pages.right(539, 800, str(n + 5), 9)
            pages.text(56, y, f"{n + 1} Verksamhet {'ABCD'[n]}", 16, True)
            pages.text(56, y + 30, f"{n + 1}.1 Uppdrag", 13, True)
            y = pages.paragraph(56, y + 50, prose(3 * n), 480) + 6
            pages.text(56, y + 12, f"{n + 1}.1.1 Målgrupper", 11, True)
            y = pages.paragraph(56, y + 30, prose(3 * n + 1), 480) + 6
            for k in range(2):
                pages.text(56, y, "•")
                y = pages.paragraph(70, y, SENTENCES[n + k] + " " + SENTENCES[n + k + 4], 466) + 3
            for k in range(2):
                pages.text(56, y, f"{k + 1}.")
                y = pages.paragraph(70, y, SENTENCES[n + k + 2], 466) + 3
            pages.text(56, 740, f"{n + 1} Uppgiften kommer från enhetens egen redovisning.", 7.5)
        return pages

    def test_furniture_headings_and_lists(self):
        path = self.file("report.pdf", self.report().save())
        record, text = self.records(path), self.convert("-f", "md", path).stdout.decode()
        self.assertEqual([(s["level"], s["number"], s["title"], s["page"]) for s in record["sections"]],
                         [s for n in range(4) for s in ((1, f"{n + 1}", f"Verksamhet {'ABCD'[n]}", n + 1), (2, f"{n + 1}.1", "Uppdrag", n + 1),
                                                        (3, f"{n + 1}.1.1", "Målgrupper", n + 1))])
        for n, page in enumerate(record["pages"]):
            last = page["text"].split("\n")[-3:]
            self.assertIn(str(n + 5), last)
        self.assertNotIn("Ekdalens kommun\n", text.split("\n", 12)[-1])
        self.assertNotIn("\n5\n", text)
        for n in range(4):
            self.assertIn(f"\n\n- {SENTENCES[n]} {SENTENCES[n + 4]}\n\n", text)
            self.assertIn(f"\n\n2. {SENTENCES[n + 3]}\n\n", text)

    def test_paragraph_over_columns_and_pages(self):
        pages, long = pdfpages.Pages(), [prose(n, 6) for n in range(8)]
        pages.flow([*two_columns(80, 300), None, *two_columns(80, 500)], long)
        text = self.convert("-f", "md", self.file("page.pdf", pages.save())).stdout.decode()
        for paragraph in long:
            self.assertIn(paragraph, text)


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2 if "-v" in sys.argv else 1).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
