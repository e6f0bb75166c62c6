/*
 * Which way up a page lies. Letters of running text reach above the x-height more often than below it (b, d,
 * f, h, k, l, t against g, j, p, q, y): Bloomberg, Kopec, Dasari: "Measuring document image skew and
 * orientation" (1995), Leptonica's pixUpDownDetect. Its result is the difference in standard deviations: 7 to
 * 60 on upright pages of text or figures, the negative of that upside down; on a page that lies on its side
 * a quarter of that, of either sign. A picture of half the size tells most pages in a fifth of the time.
 *
 * Decimal figures have no such letters, and commas that hang: what little such a page says is noise, from the
 * side as well. So its lines decide whether it lies on its side: ink summed along them goes up and down more
 * sharply than across (Postl's measure, Leptonica's pixFindDifferentialSquareSum).
 */
#include "extract/image_int.h"

#include <leptonica/allheaders.h>
#include <math.h>

/* Letters of a picture halved from this resolution are still large enough. */
enum { HALVED_FROM_DPI = 260 };

/* No page on its side looks as upright as this; one that does so less is looked at from the side as well. */
static const float OBVIOUS = 15;

/* A turn needs this much, and this lead over the other three. */
static const float LEAST = 6, LEAD = 1.4F;

static float up_evidence(PIX *binary)
{
    l_float32 evidence = 0;

    return pixUpDownDetect(binary, &evidence, 0, 0, 0) ? 0 : evidence;
}

/* How sharply the rows of a picture differ; at a quarter of its size, where letters have run together. */
static float row_contrast(PIX *binary)
{
    PIX *small = pixReduceRankBinaryCascade(binary, 2, 2, 0, 0);
    l_float32 sum = 0;

    if (!small || pixFindDifferentialSquareSum(small, &sum))
        sum = 0;
    pixDestroy(&small);
    return sum;
}

/* The quarters that the evidence speaks for, or -1. */
static int decide(float up, float left)
{
    const bool upright = fabsf(up) > fabsf(left);
    const float most = fmaxf(fabsf(up), fabsf(left)), least = fminf(fabsf(up), fabsf(left));

    if (most < LEAST || most < LEAD * least)
        return -1;
    if (upright)
        return up > 0 ? 0 : 2;
    return left > 0 ? 1 : 3;
}

static int look_from_all_sides(PIX *binary)
{
    const float up = up_evidence(binary);
    PIX *turned = up < OBVIOUS ? pixRotateOrth(binary, 1) : NULL;
    int quarters;

    if (!turned || row_contrast(binary) > row_contrast(turned))
        quarters = decide(up, 0);
    else
        quarters = decide(0, up_evidence(turned));
    pixDestroy(&turned);
    return quarters;
}

int tolka_turn_find(PIX *binary, int dpi)
{
    PIX *half = dpi >= HALVED_FROM_DPI ? pixReduceRankBinaryCascade(binary, 2, 0, 0, 0) : NULL;
    int quarters = half ? look_from_all_sides(half) : -1;

    pixDestroy(&half);
    return quarters == 0 ? 0 : look_from_all_sides(binary);
}
