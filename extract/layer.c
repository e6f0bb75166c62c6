#include "extract/layer.h"

#include <math.h>

enum { LEAST_GLYPHS = 40 }; /* fewer are a page number or a stamp that someone typed */

static const float PICTURE_COVER = 0.6F;

bool tolka_layer_is_there(const struct tolka_pdf_survey *survey)
{
    size_t hidden = 0;

    for (size_t i = 0; i < survey->glyph_count; i++)
        hidden += !survey->glyphs[i].visible && survey->glyphs[i].code > ' ';
    return survey->visible_count == 0 && hidden >= LEAST_GLYPHS && survey->image_cover >= PICTURE_COVER;
}

/* From the survey's pixels to those of the picture, then the skew is taken out. */
struct fitting {
    double x_scale, y_scale, x_shift, y_shift;
    double center_x, center_y, cosine, sine;
};

static struct fitting fitting_of(const struct tolka_pdf_survey *survey, const struct tolka_page *page)
{
    const bool placed = page->place[2] > page->place[0] && page->place[3] > page->place[1];
    const double wide = placed ? page->place[2] - page->place[0] : 1,
                 high = placed ? page->place[3] - page->place[1] : 1;
    const double angle = -page->skew_deg * 3.14159265358979323846 / 180;

    return (struct fitting){page->width / wide / survey->width,
                            page->height / high / survey->height,
                            placed ? -page->place[0] / wide * page->width : 0,
                            placed ? -page->place[1] / high * page->height : 0,
                            page->width / 2.0,
                            page->height / 2.0,
                            cos(angle),
                            sin(angle)};
}

/* The middle is turned; so small a box keeps its shape. */
static struct tolka_box fit_box(const struct fitting *f, struct tolka_box box)
{
    const double dx = (box.x0 + box.x1) / 2.0 * f->x_scale + f->x_shift - f->center_x;
    const double dy = (box.y0 + box.y1) / 2.0 * f->y_scale + f->y_shift - f->center_y;
    const double x = f->center_x + dx * f->cosine - dy * f->sine,
                 y = f->center_y + dx * f->sine + dy * f->cosine;
    const double wide = tolka_box_width(box) * f->x_scale / 2, high = tolka_box_height(box) * f->y_scale / 2;

    return (struct tolka_box){(int)lround(x - wide), (int)lround(y - high), (int)lround(x + wide),
                              (int)lround(y + high)};
}

void tolka_layer_fit(const struct tolka_pdf_survey *survey, struct tolka_page *page)
{
    const struct fitting fitting = fitting_of(survey, page);

    for (size_t i = 0; i < page->word_count; i++)
        page->words[i].box = fit_box(&fitting, page->words[i].box);
}
