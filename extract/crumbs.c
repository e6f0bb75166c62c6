/*
 * A copier breaks a hairline into crumbs, too short to be known as a ruling and too long for specks. The
 * recogniser takes them for parts of the letters over and under them. They are told by standing many in a
 * row that is no row of print: no letter is level with them nearby, and none has its middle at their height.
 */
#include "extract/crumbs.h"

/* In heights of a letter: a crumb's height and length, the drift of its row; a letter's height; how near a
 * letter beside it may not be, and how far its middle must be off. */
static const float CRUMB_HIGH = 0.2F, CRUMB_LONG = 2.5F, DRIFT = 0.15F;
static const float LETTER_HIGH = 0.6F, BESIDE = 1.5F, OFF_MIDDLE = 0.35F;

/* A dot or a comma is at most so long; a dot stands so close over its letter, a comma so far below its line
 * and so close to a digit. */
static const float MARK_LONG = 0.45F, DOT_OVER = 0.6F, COMMA_UNDER = 0.15F, COMMA_BESIDE = 0.4F;

enum { LEAST_HIGH_PX = 3, LEAST_CRUMBS = 6, MAX_CRUMBS = 2000 };

static bool is_low(struct tolka_box box, float letter)
{
    const float high = CRUMB_HIGH * letter > LEAST_HIGH_PX ? CRUMB_HIGH * letter : LEAST_HIGH_PX;

    return (float)tolka_box_height(box) <= high && (float)tolka_box_width(box) <= CRUMB_LONG * letter;
}

static float middle_of(struct tolka_box box)
{
    return (float)(box.y0 + box.y1) / 2;
}

static float distance(float a, float b)
{
    return a > b ? a - b : b - a;
}

/* Is the blob part of print whose row the low one is in? */
static bool is_print_beside(struct tolka_box blob, struct tolka_box low, float letter)
{
    if ((float)tolka_box_height(blob) < LETTER_HIGH * letter)
        return false;
    if (distance(middle_of(blob), middle_of(low)) < OFF_MIDDLE * letter)
        return true;
    return tolka_box_share_rows(blob, low) && (float)tolka_box_gap_across(blob, low) < BESIDE * letter;
}

/* May the low blob be the dot of an i or of an umlaut, or a comma, of the letter or digit that the other is?
 */
static bool is_mark_of(struct tolka_box blob, struct tolka_box low, float letter)
{
    const float over = (float)(blob.y0 - low.y1), under = (float)(low.y0 - blob.y1),
                gap = (float)tolka_box_gap_across(blob, low);

    if ((float)tolka_box_width(low) > MARK_LONG * letter ||
        (float)tolka_box_height(blob) < LETTER_HIGH * letter)
        return false;
    return (gap == 0 && over >= 0 && over <= DOT_OVER * letter) ||
           (gap <= COMMA_BESIDE * letter && under >= 0 && under <= COMMA_UNDER * letter);
}

static bool is_crumb_of_row(const struct tolka_box *blobs, size_t count, size_t at, float letter)
{
    const float drift = DRIFT * letter > 1 ? DRIFT * letter : 1;
    int low = 0;

    for (size_t i = 0; i < count; i++) {
        if (is_print_beside(blobs[i], blobs[at], letter) || is_mark_of(blobs[i], blobs[at], letter))
            return false;
        low += is_low(blobs[i], letter) && distance(middle_of(blobs[i]), middle_of(blobs[at])) <= drift;
    }
    return low >= LEAST_CRUMBS;
}

void tolka_crumbs_mark(const struct tolka_box *blobs, size_t count, int letter_px, bool *is_crumb)
{
    const float letter = (float)letter_px;
    int looks = 0;

    for (size_t i = 0; i < count; i++)
        is_crumb[i] = letter_px > 0 && is_low(blobs[i], letter) && looks++ < MAX_CRUMBS &&
                      is_crumb_of_row(blobs, count, i, letter);
}
