/*
 * A hairline that a scanner broke into dots and dashes: from the piece of it that was long enough to be known
 * as a ruling it is followed to either side, a letter's height at a time, in the narrow band of rows that it
 * fills. The band drifts with the ink, since a page is never quite straight. What stands beside the band
 * (letters, seldom more than a descender) ends it.
 */
#include "extract/image_int.h"

#include <leptonica/allheaders.h>

/* Shares of a step's columns: with ink in the band, at least; with ink close above or below it, at most. */
static const float LEAST_INK = 0.25F, MOST_BESIDE = 0.3F;

enum {
    MAX_EMPTY_STEPS = 2, /* a break of more is the end */
    SLACK = 1,           /* px; rows above and below the last ink where the next may be */
};

/* The band of rows that a ruling fills where it was seen last. */
struct band {
    float middle; /* px */
    int half;     /* px above and below it */
};

static bool is_dark(PIX *binary, int x, int y)
{
    l_uint32 value = 0;

    pixGetPixel(binary, x, y, &value); /* stays 0 outside */
    return value != 0;
}

/* What is in columns x0 .. x1 - 1 of the band and beside it. */
struct step {
    int inked, above, below; /* columns */
    int rows, dark;          /* sum of the dark pixels' rows, and their number */
    int first, last;         /* columns with ink in the band */
};

static struct step look(PIX *binary, const struct band *band, int away, int x0, int x1)
{
    const int top = (int)(band->middle + 0.5F) - band->half - SLACK;
    const int bottom = (int)(band->middle + 0.5F) + band->half + SLACK;
    struct step step = {.first = x1};

    for (int x = x0; x < x1; x++) {
        int dark = 0;
        for (int y = top; y <= bottom; y++) {
            if (is_dark(binary, x, y)) {
                step.rows += y;
                dark++;
            }
        }
        step.dark += dark;
        step.inked += dark > 0;
        if (dark > 0) {
            step.first = x < step.first ? x : step.first;
            step.last = x;
        }
        step.above += is_dark(binary, x, top - away);
        step.below += is_dark(binary, x, bottom + away);
    }
    return step;
}

static void paint(PIX *drawn, const struct band *band, int x0, int x1)
{
    const int reach = band->half + SLACK;

    pixRasterop(drawn, x0, (int)(band->middle + 0.5F) - reach, x1 - x0, 2 * reach + 1, PIX_SET, NULL, 0, 0);
}

/* Where the ruling ends that leaves column `x` in `direction` (-1 or 1): the last column with a step of it,
 * plus one when it goes right. */
static int follow(const struct tolka_picture *picture, struct band band, int x, int direction, PIX *drawn)
{
    const int width = picture->letter_px, away = picture->dpi / 70 + 1;
    int end = x, empty = 0;

    while (empty <= MAX_EMPTY_STEPS && x > 0 && x < pixGetWidth(picture->binary)) {
        const int x0 = direction > 0 ? x : x - width;
        const struct step step = look(picture->binary, &band, away, x0, x0 + width);
        const float most = MOST_BESIDE * (float)width;
        if ((float)step.above > most || (float)step.below > most)
            break;
        x += direction * width;
        if ((float)step.inked < LEAST_INK * (float)width) {
            empty++;
            continue;
        }
        empty = 0;
        band.middle = (band.middle + (float)step.rows / (float)step.dark) / 2;
        paint(drawn, &band, direction > 0 ? end : step.first, direction > 0 ? step.last + 1 : end);
        end = direction > 0 ? step.last + 1 : step.first;
    }
    return end;
}

struct tolka_box tolka_ruling_follow(const struct tolka_picture *picture, struct tolka_box piece,
                                     struct Pix *drawn)
{
    const struct band band = {(float)(piece.y0 + piece.y1 - 1) / 2, tolka_box_height(piece) / 2};
    const int left = follow(picture, band, piece.x0, -1, drawn);
    const int right = follow(picture, band, piece.x1, 1, drawn);

    piece.x0 = left > 0 ? left : 0;
    piece.x1 = right < pixGetWidth(picture->binary) ? right : pixGetWidth(picture->binary);
    return piece;
}
