#!/usr/bin/env python3
"""make_grid_words.py OUT_FOLDER: sets the pages below in a plausible type and writes them as saved words,
one file a case.

The .words files are the cases; this only spares whoever adds one the arithmetic. The .grid files are written
by hand.
"""
import sys

from grid_page import EM, Page, prose, rows, width

TWO_YEARS = [(320, "l"), (1700, "r"), (2150, "r")]
NOTES = [(320, "l"), (1180, "c"), (1700, "r"), (2150, "r")]


def ruled():
    p = Page("ruled_paragraphs")
    for y in (300, 370, 600, 800):
        p.across(y, 310, 2100)
    for x in (310, 900, 1500):       # the right edge is lost
        p.down(x, 300, 800)
    p.cells(350, (330, "Insats", "l"), (920, "Vad som gjorts", "l"), (1520, "Bedömning", "l"))
    p.cells(420, (330, "Kurser för", "l"), (920, "Tre kurser har hållits.", "l"), (1520, "Klart", "l"))
    p.cells(470, (330, "handledare", "l"), (920, "Var och en gavs två gånger.", "l"))
    p.text(920, 560, "En fjärde väntar.")
    p.cells(650, (330, "Resor", "l"), (1520, "Ej påbörjat", "l"))
    return p


def ruled_span():
    p = Page("ruled_span")
    for y in (300, 370, 440, 510, 580):
        p.across(y, 310, 2100)
    p.down(310, 300, 580), p.down(2100, 300, 580), p.down(900, 300, 580)
    p.rule(1499, 370, 1502, 470), p.rule(1499, 480, 1502, 580)   # broken
    p.cells(350, (330, "Enhet", "l"), (1500, "Antal besökare", "c"))
    p.cells(420, (1200, "2031", "c"), (1800, "2030", "c"))
    p.cells(490, (330, "Badhus", "l"), (1470, "12 400", "r"), (2070, "11 950", "r"))
    p.cells(560, (330, "Ishall", "l"), (1470, "8 100", "r"), (2070, "9 020", "r"))
    return p


def half_ruled():
    p = Page("half_ruled")
    y = 400
    columns = [(320, "l"), (1400, "r"), (1780, "r"), (2150, "r")]
    for row in (["", "2031", "2032", "2033"], ["Hyra av lokaler", "-120 000", "-122 000", "-125 000"],
                ["Handledning och stöd i"], ["grupp (deltid)", "-80 500", "-81 000", "-81 000"],
                ["Summa", "-200 500", "-203 000", "-206 000"]):
        p.cells(y, *[(x, t, a) for (x, a), t in zip(columns, row)])
        if row[0] != "Handledning och stöd i":
            p.across(y + 18)
        y += 52 if row[0] == "Handledning och stöd i" else 66
    return p


def statement():
    p = Page("unruled_statement")
    p.text(320, 300, "Resultat", em=52, bold="b")
    y = rows(p, 400, 66, NOTES, [["", "", "2031-01-01", "2030-01-01"], ["Belopp i kr", "Not", "-2031-12-31",
                                                            "-2030-12-31"],
                                 ["Intäkter"], ["Avgifter", "1", "1 233 986", "1 010 000"], ["Bidrag", "2",
                                                            "98 000", "0"],
                                 ["", "", "1 331 986", "1 010 000"]])
    y = rows(p, y + 50, 66, NOTES, [["Kostnader"], ["Lokaler", "3", "-640 150", "-615 700"],
                                    ["Avskrivningar"],
                                    ["Övriga kostnader för verksamheten", "", "-600 000", "-400 000"],
                                        ["Årets resultat", "", "91 836", "-5 700"]])
    prose(p, 320, y + 30, 3, words="Föreningen redovisar ett överskott som styrelsen föreslår ska föras över i ny räkning nästa år.")
    return p


def wrapped_first():
    p = Page("wrapped_figures_first")
    y = 400
    for label, more, a, b in (("Sparat kapital", None, "410 000", "402 500"), ("Långfristiga fordringar på",
                                                            "kommunala bolag", "77 300", "81 200"),
                              ("Kassa", None, "12 050", "9 940"), ("Upplupna ränteintäkter", "och hyror",
                                                            "1 150", "990"),
                              ("Summa tillgångar i allt", None, "500 500", "494 630")):
        p.cells(y, (320, label, "l"), (1700, a, "r"), (2150, b, "r"))
        if more:
            y += 50
            p.text(320, y, more)
        y += 66
    return p


def wrapped_last():
    p = Page("wrapped_figures_last")
    y = rows(p, 400, 55, NOTES, [["SKULDER", "", "2031", "2030"], ["Leverantörer", "", "35 152", "87 535"],
                                 ["Kortfristig del av skulder till"],
                                 ["kreditinstitut", "Not 12", "416 357", "481 737"],
                                     ["Upplupna kostnader och förutbetalda"],
                                 ["intäkter", "Not 13", "42 286", "47 301"], ["Summa kortfristiga skulder",
                                                            "", "493 795", "616 573"]])
    return p


def heads_top():
    p = Page("heads_tops_align")
    columns = [(320, "l"), (1000, "r"), (1400, "r"), (1780, "r"), (2150, "r")]
    p.cells(400, *[(x, t, a) for (x, a), t in zip(columns, ["Belopp tkr", "Utfall jan-jun",
                                                            "Gällande budget", "Skillnad mot",
        "Bokslut helår"])])
    p.cells(450, *[(x, t, a) for (x, a), t in zip(columns, ["", "2031", "jan-jun 2031", "budget", "2030"])])
    rows(p, 516, 66, columns, [["Personal", "-1 972", "-2 036", "64", "-3 900"], ["Avgifter", "2 986",
                                                            "2 986", "0", "5 800"],
                               ["Resultat", "1 014", "950", "64", "1 900"]])
    return p


def heads_bottom():
    p = Page("heads_bottoms_align")
    columns = [(320, "l"), (1300, "r"), (1700, "r"), (2150, "r")]
    p.cells(400, (1300, "Budget", "r"), (1700, "Utfall", "r"))
    p.cells(450, (320, "Projekt", "l"), (1300, "helår", "r"), (1700, "jan-aug", "r"), (2150, "Återstår", "r"))
    rows(p, 516, 66, columns, [["Bryggan", "400 000", "275 100", "124 900"], ["Trappan", "90 000", "90 000",
                                                            "0"], ["Summa", "490 000", "365 100", "124 900"]])
    return p


def empty_cells():
    p = Page("empty_cells")
    rows(p, 400, 60, TWO_YEARS, [["Tillgångar", "2031-12-31", "2030-12-31"], ["Inventarier", "18 000", ""],
                                 ["Pågående arbeten"], ["Fordringar", "", "7 450"],
                                 ["Bank", "250 127", "252 456"], ["Summa", "268 127", "259 906"]])
    return p


def wrapped_amounts():
    p = Page("wrapped_amounts")
    columns, y = [(320, "l"), (900, "r"), (1150, "r"), (1330, "r"), (1600, "r")], 400
    for lines in ([["Nämnd", "Intäkter", "Kostnader", "Netto", "Avvikelse"]],
                  [["Byggnadsnämnden", "15 371", "-211 593", "-196", "5 925"], ["", "", "", "222"]],
                  [["Skolnämnden", "22 372", "-26 245", "-3 873", "-628"]],
                  [["Vård- och", "20 014", "-62 884", "-42 870", "-409"], ["omsorgsnämnden"]],
                  [["Kultur- och", "15 011", "-237 068", "-222", "512"], ["fritidsnämnden", "", "", "057"]],
                  [["Summa", "72 768", "-537 790", "-465", "5 400"], ["", "", "", "022"]]):
        for row in lines:
            p.cells(y, *[(x, t, a) for (x, a), t in zip(columns, row)])
            y += 48
        y += 20
    return p


def tight():
    p = Page("tight_amounts")
    columns = [(320, "l"), (1100, "r"), (1320, "r"), (1540, "r"), (1760, "r")]
    rows(p, 400, 60, columns, [["", "2031", "2030", "2029", "2028"], ["Intäkter", "3 986 000", "4 010 000",
                                                            "4 118 000", "2 897 420"],
                               ["Kostnader", "3 971 903", "3 182 698", "3 808 438", "3 200 530"],
                                   ["Soliditet", "59 %", "86 %", "70 %", "91 %"],
                               ["Anställda", "0", "0", "1", "0"]])
    return p


def side_by_side():
    p = Page("side_by_side")
    left, right = [(320, "l"), (1050, "r")], [(1250, "l"), (2150, "r")]
    rows(p, 400, 60, left + right, [["Tillgångar", "2031", "Skulder", "2031"], ["Inventarier", "40 000",
                                                            "Eget kapital", "350 000"],
                                    ["Kundfordringar", "110 000", "Leverantörsskulder", "95 000"],
                                        ["Bankmedel", "330 000", "Skatteskulder", "35 000"],
                                    ["Summa", "480 000", "Summa", "480 000"]])
    return p


def two_tables():
    p = Page("two_tables_with_a_heading_between")
    y = rows(p, 400, 60, TWO_YEARS, [["", "2031", "2030"], ["Hyror", "54 000", "53 000"], ["Gåvor",
                                                            "12 300", "8 700"], ["Summa", "66 300",
                                                            "61 700"]])
    p.text(320, y + 60, "Not 3 Fordringar", bold="b")
    y = rows(p, y + 130, 60, TWO_YEARS, [["", "2031", "2030"], ["Kunder", "4 150", "3 900"], ["Skattekonto",
                                                            "720", "0"], ["Summa", "4 870", "3 900"]])
    p.text(320, y + 60, "Not 4 Skulder", bold="b")
    rows(p, y + 130, 60, TWO_YEARS, [["", "2031", "2030"], ["Banklån", "90 000", "110 000"]])
    return p


def same_years():
    p = Page("notes_with_the_same_years")
    y = 400
    for title, body in (("Not 3 Löner", [["Löner", "54 000", "53 000"], ["Avgifter", "12 300", "8 700"], ["Summa", "66 300", "61 700"]]),
                        ("Not 4 Övrigt", [["Revision", "4 150", "3 900"], ["Porto", "720", "410"], ["Summa", "4 870", "4 310"]])):
        p.text(320, y, title)
        y = rows(p, y + 62, 60, TWO_YEARS, [["", "2031", "2030"]] + body) + 10
    return p


def close_text():
    p = Page("text_close_by")
    y = prose(p, 320, 300, 3, words="Insatsen har under perioden kostat mindre än vad som var avsatt och den har nått fler än väntat.")
    y = rows(p, y + 10, 60, [(320, "l"), (1500, "r")], [["Kostnader", "Kr"], ["Löner", "134 318"],
                                                        ["Lokaler", "5 434"], ["Övrigt", "978"],
                                                        ["Förbrukade medel", "140 730"]])
    prose(p, 320, y + 10, 3, words="Överskottet betalas tillbaka till de fyra parterna i samma delar som de betalade in sina medel.")
    return p


def skewed():
    p = Page("skewed_with_speckle", jitter=3)
    rows(p, 400, 60, NOTES, [["Belopp i kr", "Not", "2031", "2030"], ["Intäkter", "1", "740 000",
                                                            "720 000"], ["Kostnader", "2", "-701 300",
                                                            "-698 800"],
                             ["Resultat", "", "38 700", "21 200"]], skew=.004)
    for x, y in ((700, 430), (1450, 470), (1930, 520), (1300, 560)):
        p.text(x, y, ".", em=20)
    p.text(1010, 505, "'", em=24)
    return p


def text_table():
    p = Page("text_table")
    rows(p, 400, 55, [(320, "l"), (1000, "l")], [["Tjänst", "Utförare"], ["Städning av trapphus",
                                                            "Egen regi"], ["Snöröjning",
                                                            "Norrby Mark och Park"],
                                                 ["Ekonomi", "Kontorsbyrån i Vik AB"]])
    p.across(418)
    return p


def facts():
    p = Page("text_facts")
    rows(p, 400, 55, [(320, "l"), (900, "l")], [["Huvudman", "Förbundet Norr"], ["Säte", "Viken"],
                                                ["Antal platser", "arton på halvtid"],
                                                ["Ansvarig", "enhetschefen"], ["Start", "våren 2031"]])
    return p


def prose_page():
    p = Page("prose")
    y = prose(p, 320, 400, 9)
    y = prose(p, 320, y + 40, 6)
    p.text(320, y + 40, "Medlemmarna betalade 3 986 000 kr under 2031 och 4 010 000 kr under 2030 till förbundet.")
    p.text(320, y + 95, "Av detta gick 2 660 174 kr till insatser, 155 526 kr till struktur och 1 156 203 kr till kansliet.")
    return p


def prose_columns():
    p = Page("prose_in_two_columns")
    left = ["Under våren har arbetet i huvudsak gällt", "de frågor som styrelsen lyfte i höstas och",
            "som kräver fler möten med parterna innan",
            "de kan avgöras. Två av dem är nu klara.", "Den tredje väntar på besked från regionen,",
                "som har lovat ett svar före sommaren i år.",
            "Till dess arbetar gruppen vidare med sina", "uppgifter i den ordning som planen anger."]
    for i, line in enumerate(left):
        p.text(320, 400 + 55 * i, line)
        p.text(1300, 400 + 55 * i, left[-1 - i])
    return p


def lists():
    p = Page("lists")
    y = 400
    for n, item in enumerate(("att fler ska få stöd i tid", "att väntan blir kortare",
                              "att parterna möts varje månad", "att 80 % är nöjda", "att 12 kurser hålls"),
        1):
        p.text(340, y, "%d." % n)
        p.text(430, y, item)
        y += 58
    y += 60
    for item in ("kurser i grupp", "enskilt stöd", "resor till praktik", "möten med 14 arbetsgivare"):
        p.text(340, y, "•")
        p.text(430, y, item)
        y += 58
    return p


def contents():
    p = Page("contents_with_leaders")
    for i, (title, at) in enumerate((("1 Inledning", 3), ("2 Verksamhet", 4), ("2.1 Insatser", 5),
                                     ("2.2 Mål", 9), ("3 Ekonomi", 12), ("4 Underskrifter", 15))):
        y = 400 + 60 * i
        p.text(320, y, title)
        x = 330 + width(title, EM)
        p.text(x, y, "." * int((2050 - x) / (.28 * EM)))
        p.text(2150, y, str(at), "r")
    return p


def signatures():
    p = Page("signatures")
    for k in range(3):
        y = 600 + 260 * k
        p.text(320, y, "." * 55)
        p.text(1300, y, "." * 55)
        p.cells(y + 55, (320, ("Alma Ek", "Bo Lind", "Cia Ros")[k], "l"), (1300, ("Dan Alm", "Eva Sten",
                                                            "Finn Hed")[k], "l"))
        p.cells(y + 110, (320, "Ordförande" if k == 0 else "Ledamot", "l"), (1300, "Ledamot", "l"))
    return p


def chart():
    p = Page("chart")
    for i, v in enumerate((40, 30, 20, 10, 0)):
        p.text(420, 500 + 120 * i, str(v), "r")
    for i, v in enumerate((2027, 2028, 2029, 2030, 2031)):
        p.text(600 + 260 * i, 1040, str(v), "c")
    for x, y, t in ((610, 640, "27 %"), (865, 700, "21 %"), (1110, 585, "33 %"), (1385, 725, "19 %"), (1640,
                                                            560, "36 %")):
        p.text(x, y, t, "c", em=34)
    p.text(1150, 1120, "Andel nöjda", "c")
    return p


def frame():
    p = Page("framed_prose")
    for y in (370, 900):
        p.across(y)
    for x in (300, 2180):
        p.down(x, 370, 900)
    prose(p, 330, 430, 8)
    p.text(320, 1100, "Ekonomi", em=56, bold="b")
    p.across(1125)
    prose(p, 320, 1200, 5)
    p.cells(160, (300, "Förbundet Norr", "l"), (2180, "Sida 4 (16)", "r"))
    return p


def lost_walls():
    p = Page("ruled_lost_walls")
    p.across(300, 310, 2100)
    p.across(370, 900, 2100)         # lost over the first column
    p.across(600, 310, 2100)
    p.across(800, 310, 2100)
    for x in (310, 900, 2100):       # the vertical at 1500 is lost whole
        p.down(x, 300, 800)
    p.cells(350, (330, "Insats", "l"), (920, "Aktivitet", "l"), (1520, "Utfall", "l"))
    p.cells(420, (330, "Kurser", "l"), (920, "Tre kurser har hållits", "l"), (1520, "Målet nås till", "l"))
    p.cells(470, (330, "i grupp", "l"), (920, "under våren", "l"), (1520, "fullo i år", "l"))
    p.cells(650, (330, "Resor", "l"), (920, "Inga har begärts", "l"), (1520, "Kan inte bedömas", "l"))
    return p


def centred():
    p = Page("text_centred_columns")
    columns = [(320, "l"), (1200, "c"), (1800, "c")]
    y = 400
    for line in (["Mål för året", "Läget i augusti", "Bedömning"], ["Fler ska bli klara",
                                                            "nio av tio är klara", "Uppfyllt"],
                 ["Kortare väntan till", "tolv veckor, mot", "Delvis uppfyllt"], ["första mötet",
                                                            "femton i fjol"],
                 ["Bättre lokaler", "flytten är gjord", "Uppfyllt"]):
        p.cells(y, *[(x, t, a) for (x, a), t in zip(columns, line)])
        if line[0] == "Mål för året":
            p.across(y + 18)
        y += 48 if line[0] == "Kortare väntan till" else 68
    return p


def page_head():
    p = Page("figure_in_the_page_head")
    p.text(2150, 180, "Förbundet Norr", "r")
    p.text(2150, 230, "802345-6789", "r")
    rows(p, 360, 60, TWO_YEARS, [["Eget kapital"], ["Ingående", "1 132 938", "1 268 940"],
                                 ["Årets resultat", "-79 689", "-136 002"],
                                 ["Utgående", "1 053 249", "1 132 938"]])
    p.text(2150, 3300, "7", "r")
    return p


def residual_skew():
    p = Page("residual_skew")
    for i in range(5):
        p.text(320, 300 + 55 * i, "Posterna förklaras i noterna, som följer efter tabellen på nästa sida i redovisningen.", skew=.01)
    rows(p, 700, 64, TWO_YEARS, [["Belopp i kr", "2031", "2030"], ["Intäkter", "740 000", "720 000"],
                                 ["Avskrivningar"], ["Verksamhetens resultat", "15 360", "8 556"],
                                 ["Finansiella intäkter"], ["Finansiella kostnader", "-1 263", "-1 254"],
                                     ["Årets resultat", "14 097", "7 302"]], skew=.01)
    return p


def column_rules():
    p = Page("ruled_columns_only")
    p.across(420)
    for x in (1100, 1480, 1830):
        p.down(x, 350, 800)
    rows(p, 405, 56, [(320, "l"), (1450, "r"), (1810, "r"), (2150, "r")],
         [["Grupp", "Kvinnor", "Män", "Andel"], ["16-24 år", "14", "9", "23 %"], ["25-49 år", "31", "27", "58 %"],
          ["50-64 år", "8", "11", "19 %"], ["Totalt", "53", "47", "100 %"]])
    return p


def heads_left():
    p = Page("heads_left_of_their_figures")
    heads = [(320, "l"), (900, "l"), (1130, "l"), (1340, "l"), (1620, "l"), (1850, "l"), (2060, "l")]
    figures = [(320, "l"), (1080, "r"), (1300, "r"), (1530, "r"), (1800, "r"), (2020, "r"), (2240, "r")]
    rows(p, 400, 56, heads, [["", "2031", "", "", "2030"], ["Slag", "Budget", "Utfall", "Avvikelse", "Budget", "Utfall",
                                                         "Avvikelse"]])
    rows(p, 512, 56, figures, [["Lokaler", "1 486", "868", "618", "6 813", "6 762", "51"],
                               ["Resor", "229", "422", "-193", "198", "658", "-460"],
                               ["Summa", "1 715", "1 290", "425", "7 011", "7 420", "-409"]])
    return p


def beside_short():
    p = Page("side_by_side_short_labels")
    columns = [(320, "l"), (900, "r"), (1130, "r"), (1320, "l"), (1900, "r"), (2130, "r")]
    rows(p, 400, 60, columns, [["In", "2031", "2030", "Ut", "2031", "2030"], ["Gåvor", "5 378", "5 287", "Lön", "956", "2 771"],
                               ["Ränta", "1 220", "506", "Hyra", "5 051", "1 573"],
                               ["Summa", "6 598", "5 793", "Summa", "6 007", "4 344"]])
    return p


def rules_between_text():
    p = Page("text_rows_ruled")
    p.text(320, 330, "Måluppfyllelse", em=52, bold="b")
    for y in (418, 580, 690, 800):
        p.across(y, 310, 2100)
    p.cells(402, (320, "Mål", "l"), (1010, "Aktivitet", "l"), (1700, "Läge", "l"), bold="b")
    p.cells(460, (320, "Minst hälften av dem som deltar", "l"), (1010, "Uppföljning har gjorts med en", "l"), (1700, "Uppfyllt", "l"))
    p.cells(510, (320, "ska ha gått vidare till arbetet", "l"), (1010, "enkät, som 62 svarade på.", "l"))
    p.cells(560, (320, "eller studier.", "l"))
    p.cells(620, (320, "Fler nöjda.", "l"), (1010, "Kurs för handläggare.", "l"), (1700, "Delvis, arbetet", "l"))
    p.cells(670, (1700, "fortsätter.", "l"))
    p.cells(730, (320, "Parterna ska ha en bild", "l"), (1010, "Två träffar har hållits.", "l"), (1700, "Ej uppfyllt", "l"))
    p.cells(780, (320, "av behoven.", "l"))
    return p


def words_below():
    p = Page("words_below_a_sum")
    y = rows(p, 400, 60, NOTES, [["Leverantörsskulder", "", "388 412", "401 876"],
                                 ["Ökning (+)/minskning (-) av skulder", "8", "57 120", "40 231"]])
    y = rows(p, y, 60, NOTES, [["SUMMA SKULDER", "", "445 532", "442 107"]], bold="b")
    rows(p, y, 60, NOTES, [["Ställda säkerheter", "", "Inga", "Inga"], ["Ansvarsförbindelser", "", "Inga", "Inga"]])
    return p


def facts_figures():
    p = Page("facts_with_figures_above_a_table")
    y = rows(p, 400, 56, [(320, "l"), (1100, "l")],
             [["Säte", "Norrby"], ["Byggår", "1968"], ["Beteckning", "Skutan 4"], ["Antal lägenheter", "96 st"],
              ["Bostadsyta", "6 842 kvm"], ["Tomträtt", "Nej, föreningen äger marken"]])
    p.text(320, y + 30, "Översikt", bold="b")
    rows(p, y + 100, 56, [(320, "l"), (1300, "r"), (1700, "r")], [["", "2031", "2030"], ["Avgifter", "5 214", "5 066"],
                                                               ["Räntor", "-688", "112"], ["Lån", "31", "33"]])
    return p


def wrapped_decimals():
    p = Page("wrapped_decimals")
    columns, y = [(320, "l"), (900, "r"), (1150, "r"), (1330, "r")], 400
    for lines in ([["Mnkr", "Utfall", "Budget", "Prognos"]], [["Vårdnämnden", "-271,4", "-264,2", "-790,6"]],
                  [["Trafiknämnden", "-402,7", "-409,1", "-1 227,3"]],
                  [["Summa nämnder", "-674,1", "-673,3", "-10"], ["", "", "", "438,2"]]):
        for row in lines:
            p.cells(y, *[(x, t, a) for (x, a), t in zip(columns, row)])
            y += 48
        y += 20
    return p


def sunk_labels():
    p = Page("labels_below_their_figures")
    y = 400
    for i, row in enumerate([["", "2031", "2030"], ["Hyror", "54 000", "53 000"], ["Gåvor", "12 300", "8 700"],
                             ["Räntor", "1 410", "930"], ["Summa", "67 710", "62 630"]]):
        low = 26 if i in (2, 3) else 0
        p.cells(y, (1700, row[1], "r"), (2150, row[2], "r"))
        p.cells(y + low, (320, row[0], "l"))
        y += 64
    return p


def sentence_between():
    p = Page("sentence_between_tables")
    columns = [(320, "l"), (1300, "r"), (1700, "r"), (2150, "r")]
    y = rows(p, 400, 60, columns, [["", "Utfall", "Budget", "Utfall"], ["Intäkter", "4 962", "4 900", "5 015"],
                                   ["Kostnader", "-4 776", "-4 945", "-4 952"], ["Resultat", "186", "-45", "63"]])
    p.text(320, y + 20, "Det beror främst på att ett av våra projekt kom i gång senare.".replace("Det", "Utfallet"))
    p.text(320, y + 90, "Ställning (tkr)", bold="b")
    rows(p, y + 160, 60, [(320, "l"), (1700, "r"), (2150, "r")],
         [["", "31-12-31", "30-12-31"], ["Fordringar", "94", "131"], ["Bank", "2 605", "2 431"],
          ["Summa", "2 699", "2 562"]])
    return p


def gap_below_first():
    p = Page("first_row_above_a_gap")
    rows(p, 400, 60, TWO_YEARS, [["Förvärv av inventarier", "", "-94 226"], ["Sålda inventarier", "1 204", ""],
                                 ["Kassaflöde från investeringar", "-87 206", "-94 226"],
                                 ["Upptagna lån", "40 000", "25 000"], ["Summa", "-47 206", "-69 226"]])
    return p


CASES = [
    wrapped_decimals, sunk_labels, sentence_between, gap_below_first, words_below, facts_figures,
    same_years, column_rules, heads_left, beside_short, rules_between_text, lost_walls, centred,
    page_head, residual_skew, ruled, ruled_span, half_ruled, statement, wrapped_first, wrapped_last,
    heads_top, heads_bottom, empty_cells, tight, side_by_side, two_tables, close_text, skewed,
    text_table, facts, prose_page, prose_columns, lists, contents, wrapped_amounts, signatures,
    chart, frame]

if __name__ == "__main__":
    for case in CASES:
        case().write(sys.argv[1])
