"""Made inputs: tiny born-digital reports, damaged PDFs and crafted ones. All from a seed, so that a failure can be repeated."""
import random
import zlib


def pdf(objects, trailer_extra=""):
    """The bytes of a PDF of numbered objects (bytes or str), the first of which is the catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        body = body if isinstance(body, bytes) else body.encode("latin-1")
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer_extra}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(content, extra=""):
    content = content if isinstance(content, bytes) else content.encode("latin-1")
    return f"<</Length {len(content)}{extra}>>stream\n".encode() + content + b"\nendstream"


FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def text_pdf(pages):
    """A born-digital PDF: a list of pages, each a list of lines."""
    count = len(pages)
    objects = ["<</Type/Catalog/Pages 2 0 R>>",
               f"<</Type/Pages/Count {count}/Kids[{' '.join(f'{4 + 2 * i} 0 R' for i in range(count))}]>>", FONT]
    for i, lines in enumerate(pages):
        text = "\n".join("(" + line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ") Tj T*" for line in lines)
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * i} 0 R"
                       "/Resources<</Font<</F1 3 0 R>>>>>>")
        objects.append(stream(f"BT /F1 12 Tf 72 770 Td 16 TL\n{text}\nET"))
    return pdf(objects)


def tiny_report(number, pages=1):
    """A report of its own for each number."""
    income, costs = number * 7 % 100000 + 5000, number * 5 % 90000 + 400
    first = [f"Årsredovisning {2000 + number % 24}", f"Stiftelsen nummer {number}", "", "Resultaträkning",
             f"Intäkter    {income}", f"Kostnader    {costs}", f"Summa    {income - costs}"]
    return text_pdf([first] + [[f"Sida {page} i rapport {number}", "Verksamheten har bedrivits som planerat."]
                               for page in range(2, pages + 1)])


def damage(data, rng):
    """One of the ways in which files are damaged: bytes flipped, cut off, blocks swapped, zeroed or doubled."""
    data = bytearray(data)
    how = rng.choice(("flip", "cut", "swap", "zero", "double"))
    at, other, size = rng.randrange(len(data)), rng.randrange(len(data)), rng.choice((1, 16, 512, 4096))
    if how == "flip":
        for _ in range(rng.choice((1, 10, 300))):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif how == "cut":
        del data[at:]
    elif how == "swap":
        data[at:at + size], data[other:other + size] = data[other:other + size], data[at:at + size]
    elif how == "zero":
        data[at:at + size] = bytes(len(data[at:at + size]))
    else:
        data[at:at] = data[at:at + size]
    return bytes(data)


def damaged(sources, count, seed=1):
    """(name, bytes) of `count` damaged copies of the files `sources`."""
    rng = random.Random(seed)
    for number in range(count):
        yield f"damaged-{number:04d}.pdf", damage(rng.choice(sources), rng)


def page_pdf(page_extra, content=b"", more=()):
    return pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
                f"<</Type/Page/Parent 2 0 R/Contents 4 0 R{page_extra}>>", stream(content), FONT, *more])


def image_pdf(width, height, data, extra):
    image = stream(data, f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray"
                         f"/BitsPerComponent 8{extra}")
    return page_pdf("/MediaBox[0 0 595 842]/Resources<</XObject<</I 6 0 R>>>>", b"q 595 0 0 842 0 0 cm /I Do Q", [image])


def many_pages(count):
    """All pages are one and the same object."""
    kids = "3 0 R " * count
    return pdf(["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {count}/Kids[{kids}]>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
                stream("BT /F1 12 Tf 20 100 Td (Sida) Tj ET"), FONT])


def crafted():
    """(name, bytes) of files made to hurt."""
    yield "empty.pdf", b""
    yield "header-only.pdf", b"%PDF-1.7\n"
    yield "not-a-pdf.pdf", b"<html>moved</html>\n" * 20
    yield "huge-page.pdf", page_pdf("/MediaBox[0 0 14400000 14400000]/Resources<</Font<</F1 5 0 R>>>>",
                                    b"BT /F1 9999999 Tf 1 1 Td (A) Tj ET 0 0 14400000 14400000 re f")
    yield "odd-page.pdf", page_pdf("/MediaBox[9 9 -9e38 nan]", b"0 0 m 1e38 1e38 l S")
    bomb = zlib.compress(bytes(30_000_000), 9)
    yield "image-bomb.pdf", image_pdf(60000, 60000, bomb, "/Filter/FlateDecode")
    yield "image-bomb-twice.pdf", image_pdf(60000, 60000, zlib.compress(bomb, 9), "/Filter[/FlateDecode/FlateDecode]")
    yield "image-short.pdf", image_pdf(2000, 3000, zlib.compress(b"\xff" * 100), "/Filter/FlateDecode")
    yield "text-bomb.pdf", page_pdf("/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>",
                                    b"BT /F1 1 Tf 1 TL " + b"(" + b"x" * 900 + b") Tj T* " * 1000 + b"ET")
    yield "deep-arrays.pdf", page_pdf("/MediaBox[0 0 595 842]/X " + "[" * 50000 + "]" * 50000)
    yield "deep-dictionaries.pdf", page_pdf("/MediaBox[0 0 595 842]/X " + "<</A " * 50000 + ">>" * 50000)
    yield "deep-graphics.pdf", page_pdf("/MediaBox[0 0 595 842]", b"q " * 200000)
    yield "cyclic-pages.pdf", pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[2 0 R 3 0 R]/Parent 3 0 R>>",
                                   "<</Type/Pages/Count 2/Kids[2 0 R]/Parent 2 0 R>>"])
    yield "cyclic-form.pdf", page_pdf("/MediaBox[0 0 595 842]/Resources<</XObject<</F 6 0 R>>>>", b"/F Do", [
        stream(b"/F Do /F Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 6 0 R>>>>")])
    yield "cyclic-length.pdf", pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
                                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
                                    b"<</Length 4 0 R>>stream\nq\nendstream"])
    yield "negative-count.pdf", pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count -7/Kids[]>>"])
    yield "lying-count.pdf", pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2000000000/Kids[]>>"])
    yield "nulls.txt", b"\0" * 5000
    yield "broken.txt", b"Summa 1\xff\xfe 200\n" * 20
    yield "long-line.txt", b"Intakter " * 200000
    yield "form-feeds.txt", b"\f" * 3000
    yield "truncated.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\0\0\0\0"
    yield "loop.tif", b"II*\0\x08\0\0\0" + b"\x01\0" + b"\0\x01\x04\0\x01\0\0\0\x01\0\0\0" + b"\x08\0\0\0"
    yield "jpeg.jpg", b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x22\0\x02\x11\x01\x03\x11\x01" + b"\0" * 50
