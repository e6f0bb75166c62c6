/*
 * Drawn lines. Rulings: openings of the deskewed binary picture by long thin bricks, after a small closing
 * that bridges broken lines.
 */
#include "extract/image_int.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>

/* A ruling is this many times as long as it is thick. */
enum { RULING_RATIO = 8 };

/* ... and LETTERS_LONG times as a letter is high. In those units: the run of ink that no stroke of print
 * reaches, a piece of a broken line, and the breaks between pieces. */
enum { LETTERS_LONG = 4 };
static const float RUN_LETTERS_ACROSS = 1.1F, RUN_LETTERS_DOWN = 1.7F, PIECE_LETTERS = 0.6F,
                   GAP_LETTERS = 2.5F;

/*
 * Share of a ruling's length that is ink. Stems of letters that stand over one another in lines of text reach
 * 0.6; a thick ruling is never broken, but a row of words may look like one that is.
 */
static const float LEAST_DRAWN_ACROSS = 0.5F, LEAST_DRAWN_DOWN = 0.68F, LEAST_DRAWN_THICK = 0.96F;

/* Share of a ruling's length that may have ink close beside it: other rulings, descenders of underlined text.
 */
static const float MOST_INK_BESIDE = 0.2F, MOST_INK_BESIDE_THICK = 0.08F;

/* Share of the ruling's length over which there is ink in its own rows (from = 0) or `from` .. `to` - 1 px
 * outside of them. */
static float ink_along(PIX *binary, struct tolka_box box, bool vertical, int from, int to)
{
    const int length = vertical ? tolka_box_height(box) : tolka_box_width(box);
    const int start = vertical ? box.x0 : box.y0;
    int dark = 0;

    for (int i = 0; i < length; i++) {
        l_uint32 value = 0;
        for (int k = start + from; k < start + to && !value; k++)
            pixGetPixel(binary, vertical ? k : box.x0 + i, vertical ? box.y0 + i : k,
                        &value); /* stays 0 outside */
        dark += value != 0;
    }
    return (float)dark / (float)length;
}

/* Long and thin, mostly drawn, and nothing stands on it: serifs that touch make a line too, but letters stand
 * on that. */
static bool is_ruling(const struct tolka_picture *picture, struct tolka_box box, bool vertical)
{
    const int length = vertical ? tolka_box_height(box) : tolka_box_width(box);
    const int thick = vertical ? tolka_box_width(box) : tolka_box_height(box);
    const int away = picture->dpi / 70 + 1;
    const bool thin = thick <= picture->dpi / 40;
    float drawn, beside;

    if (length < picture->dpi / 3 || length < LETTERS_LONG * picture->letter_px ||
        length < RULING_RATIO * thick)
        return false;
    if (length < 2 * picture->dpi && thick > picture->dpi / 25)
        return false;
    drawn = ink_along(picture->binary, box, vertical, 0, thick);
    beside = fmaxf(ink_along(picture->binary, box, vertical, -away, 1 - away),
                   ink_along(picture->binary, box, vertical, thick + away - 1, thick + away));
    if (thin)
        return drawn > (vertical ? LEAST_DRAWN_DOWN : LEAST_DRAWN_ACROSS) && beside < MOST_INK_BESIDE;
    return drawn > LEAST_DRAWN_THICK && beside < MOST_INK_BESIDE_THICK;
}

/* `shape` begins at row `top`. A straight line is blanked as the rectangle that it fills, with all its
 * fragments; a bent one only where it was found. */
static void paint_ruling(PIX *drawn, PIX *shape, int top, struct tolka_box box, int straight_px)
{
    const int w = tolka_box_width(box), h = tolka_box_height(box);

    if ((w < h ? w : h) <= straight_px)
        pixRasterop(drawn, box.x0, box.y0, w, h, PIX_SET, NULL, 0, 0);
    else
        pixRasterop(drawn, box.x0, box.y0, w, h, PIX_PAINT, shape, 0, box.y0 - top);
}

/* Does any pixel of the `at`-th row (across a vertical ruling) hold ink? */
static bool row_has_ink(PIX *binary, struct tolka_box box, int at)
{
    return ink_along(binary, (struct tolka_box){box.x0, box.y0 + at, box.x1, box.y0 + at + 1}, true, 0,
                     tolka_box_width(box)) > 0;
}

/* Rows at the end of a vertical ruling (its lower one when `below`) that are a short piece and a wide break:
 * a letter's stem, most likely. */
static int loose_end(const struct tolka_picture *picture, struct tolka_box box, bool below)
{
    const int high = tolka_box_height(box);
    int piece = 0, gap = 0;

    while (piece < high && row_has_ink(picture->binary, box, below ? high - 1 - piece : piece))
        piece++;
    while (piece + gap < high &&
           !row_has_ink(picture->binary, box, below ? high - 1 - piece - gap : piece + gap))
        gap++;
    if ((float)piece < RUN_LETTERS_DOWN * (float)picture->letter_px && 3 * gap > 2 * picture->letter_px)
        return piece + gap;
    return 0;
}

static struct tolka_box without_loose_ends(const struct tolka_picture *picture, struct tolka_box box)
{
    enum { MAX_CUTS = 4 };

    for (int i = 0, cut = 1; i < MAX_CUTS && cut > 0; i++) {
        const int above = loose_end(picture, box, false);
        int below;
        box.y0 += above;
        below = tolka_box_is_empty(box) ? 0 : loose_end(picture, box, true);
        box.y1 -= below;
        cut = tolka_box_is_empty(box) ? 0 : above + below;
    }
    return box;
}

/* The ruling of `page` that `box` is a part of or continues, NULL when there is none. */
static struct tolka_ruling *find_ruling(struct tolka_page *page, struct tolka_box box, bool vertical)
{
    enum { NEAR_PX = 2 };

    for (size_t i = 0; i < page->ruling_count; i++) {
        struct tolka_ruling *ruling = &page->rulings[i];
        if (ruling->vertical == vertical && ruling->box.x0 < box.x1 + NEAR_PX &&
            box.x0 < ruling->box.x1 + NEAR_PX && ruling->box.y0 < box.y1 + NEAR_PX &&
            box.y0 < ruling->box.y1 + NEAR_PX)
            return ruling;
    }
    return NULL;
}

/* False when out of memory or over the bound. */
static bool add_ruling(struct tolka_page *page, struct tolka_box box, bool vertical)
{
    struct tolka_ruling *ruling = find_ruling(page, box, vertical);

    if (ruling) {
        ruling->box = tolka_box_union(ruling->box, box);
        return true;
    }
    ruling = tolka_page_add_ruling(page);
    if (ruling)
        *ruling = (struct tolka_ruling){.box = box, .vertical = vertical};
    return ruling != NULL;
}

/* Appends each component of `lines` that is a ruling, and paints it into `drawn`. */
static bool add_rulings(const struct tolka_picture *picture, PIX *lines, bool vertical,
                        struct tolka_page *page, PIX *drawn)
{
    PIXA *shapes = NULL;
    BOXA *boxes = pixConnComp(lines, &shapes, 8);
    const bool good = boxes != NULL;

    for (int i = 0; good && i < boxaGetCount(boxes); i++) {
        struct tolka_box box = tolka_boxa_box(boxes, i);
        const int y = box.y0, h = tolka_box_height(box);
        PIX *shape;
        if (vertical && h >= picture->dpi / 3)
            box = without_loose_ends(picture, box);
        if (!is_ruling(picture, box, vertical))
            continue;
        shape = pixaGetPix(shapes, i, L_CLONE);
        paint_ruling(drawn, shape, y, box, picture->dpi / 40);
        pixDestroy(&shape);
        if (!vertical && h <= picture->dpi / 40)
            box = tolka_ruling_follow(picture, box, drawn);
        if (!add_ruling(page, box, vertical))
            break;
    }
    pixaDestroy(&shapes);
    boxaDestroy(&boxes);
    return good;
}

/*
 * Runs of ink along the rows of `binary`, joined over the breaks that thin lines get in coarse scans. Of the
 * pieces so joined at least one must be longer than any letter's stroke. The closing is one by a brick three
 * rows high: erosions and dilations along the two axes may be done in any order.
 */
static PIX *long_runs(PIX *binary, int letter_px, float letters)
{
    const float unit = (float)letter_px;
    PIX *seeds = pixCopy(NULL, binary), *pieces = pixCopy(NULL, binary), *lines = NULL;

    if (seeds && pieces) {
        tolka_runs_open(tolka_pix_bits(seeds), (int)(letters * unit) + 1);
        tolka_runs_open(tolka_pix_bits(pieces), (int)(PIECE_LETTERS * unit) + 1);
    }
    if (seeds && pieces && tolka_pix_replace(&pieces, pixDilateBrick(NULL, pieces, 1, 3))) {
        tolka_runs_close(tolka_pix_bits(pieces), (int)(GAP_LETTERS * unit) + 1);
        if (tolka_pix_replace(&pieces, pixErodeBrick(NULL, pieces, 1, 3)))
            lines = pixSeedfillBinary(NULL, seeds, pieces, 8);
    }
    pixDestroy(&seeds);
    pixDestroy(&pieces);
    return lines;
}

/* The same along the columns. */
static PIX *long_columns(PIX *binary, int letter_px)
{
    PIX *turned = pixRotateOrth(binary, 1);
    PIX *lines = turned ? long_runs(turned, letter_px, RUN_LETTERS_DOWN) : NULL;

    pixDestroy(&turned);
    if (lines)
        tolka_pix_replace(&lines, pixRotateOrth(lines, 3));
    return lines;
}

bool tolka_picture_take_rulings(struct tolka_picture *picture, struct tolka_page *page)
{
    PIX *across = long_runs(picture->binary, picture->letter_px, RUN_LETTERS_ACROSS);
    PIX *down = long_columns(picture->binary, picture->letter_px);
    PIX *drawn = pixCreateTemplate(picture->binary);
    bool good = across && down && drawn && add_rulings(picture, across, false, page, drawn) &&
                add_rulings(picture, down, true, page, drawn);

    if (good && page->ruling_count > 0) {
        good = tolka_pix_replace(&drawn, pixDilateBrick(NULL, drawn, 5, 5));
        if (good) {
            pixSubtract(picture->binary, picture->binary, drawn);
            good = tolka_pix_replace(&picture->pix,
                                     pixCopy(NULL, picture->pix)); /* the file's own pixels may be shared */
        }
        if (good && pixGetDepth(picture->pix) == 1)
            pixSubtract(picture->pix, picture->pix, drawn);
        else if (good)
            pixSetMasked(picture->pix, drawn, 255);
    }
    pixDestroy(&across);
    pixDestroy(&down);
    pixDestroy(&drawn);
    return good;
}
