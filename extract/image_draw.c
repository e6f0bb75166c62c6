/* What was found on a page, drawn on its picture. */
#include "extract/image_int.h"

#include <leptonica/allheaders.h>
#include <string.h>

enum { MAX_DRAWN_WIDTH = 1700, THIN = 1, THICK = 3 };

/* A word is read badly below the first, hardly at all below the second. */
static const float DOUBTFUL = 0.8F, HARDLY = 0.5F;

struct color {
    l_uint8 r, g, b;
};

static const struct color GREEN = {0, 150, 60}, ORANGE = {240, 140, 0}, RED = {220, 0, 0},
                          BLUE = {0, 70, 230}, PURPLE = {140, 0, 190}, BROWN = {130, 90, 40},
                          GRAY = {170, 170, 170}, CYAN = {0, 190, 210}, MAGENTA = {230, 0, 150};

/* The canvas and how the page's pixels become its own. */
struct canvas {
    PIX *pix;
    const struct tolka_page *page;
    double x_scale, y_scale;
};

static void draw_box(const struct canvas *canvas, struct tolka_box box, int thickness, struct color color)
{
    BOX *place;

    box = tolka_page_to_image(canvas->page, box);
    if (tolka_box_is_empty(box))
        return;
    place = boxCreate((l_int32)(box.x0 * canvas->x_scale), (l_int32)(box.y0 * canvas->y_scale),
                      (l_int32)(tolka_box_width(box) * canvas->x_scale) + 1,
                      (l_int32)(tolka_box_height(box) * canvas->y_scale) + 1);
    if (place)
        pixRenderBoxArb(canvas->pix, place, thickness, color.r, color.g, color.b);
    boxDestroy(&place);
}

static struct color color_of_word(const struct tolka_word *word)
{
    if (strcmp(word->text, word->raw) != 0)
        return BLUE;
    return word->confidence < HARDLY ? RED : word->confidence < DOUBTFUL ? ORANGE : GREEN;
}

static struct color color_of_line(const struct tolka_line *line)
{
    if (line->role == TOLKA_LINE_BODY)
        return GRAY;
    return line->role == TOLKA_LINE_HEADING ? PURPLE : BROWN;
}

static void draw_grid(const struct canvas *canvas, const struct tolka_grid *grid)
{
    for (int c = 0; c < grid->row_count * grid->column_count; c++)
        draw_box(canvas, grid->cells[c].box, THIN, MAGENTA);
    draw_box(canvas, grid->box, THICK, MAGENTA);
}

static void draw_all(const struct canvas *canvas)
{
    const struct tolka_page *page = canvas->page;

    for (size_t i = 0; i < page->ruling_count; i++)
        draw_box(canvas, page->rulings[i].box, THICK, CYAN);
    for (size_t i = 0; i < page->grid_count; i++)
        draw_grid(canvas, &page->grids[i]);
    for (size_t i = 0; i < page->line_count; i++)
        draw_box(canvas, page->lines[i].box, page->lines[i].role == TOLKA_LINE_BODY ? THIN : THICK,
                 color_of_line(&page->lines[i]));
    for (size_t i = 0; i < page->word_count; i++)
        draw_box(canvas, page->words[i].box, THIN, color_of_word(&page->words[i]));
}

/* The picture turned upright, in colour, no wider than it need be. */
static PIX *make_canvas(const struct tolka_picture *picture, const struct tolka_page *page)
{
    PIX *turned, *small = NULL, *color;

    if (!picture) {
        turned = pixCreate(page->width > 0 ? page->width : 1, page->height > 0 ? page->height : 1, 8);
        if (turned)
            pixSetAll(turned);
    } else {
        turned = pixRotateOrth(picture->pix, page->rotation_deg / 90);
    }
    if (turned)
        small = pixGetWidth(turned) > MAX_DRAWN_WIDTH ? pixScaleToSize(turned, MAX_DRAWN_WIDTH, 0)
                                                      : pixClone(turned);
    color = small ? pixConvertTo32(small) : NULL;
    pixDestroy(&turned);
    pixDestroy(&small);
    return color;
}

enum tolka_status tolka_picture_draw(const struct tolka_picture *picture, const struct tolka_page *page,
                                     struct tolka_strbuf *png, struct tolka_error *err)
{
    struct canvas canvas = {.pix = make_canvas(picture, page), .page = page};
    l_uint8 *bytes = NULL;
    size_t length = 0;

    if (!canvas.pix)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's picture");
    canvas.x_scale = page->width > 0 ? (double)pixGetWidth(canvas.pix) / page->width : 1;
    canvas.y_scale = page->height > 0 ? (double)pixGetHeight(canvas.pix) / page->height : 1;
    draw_all(&canvas);
    if (pixWriteMemPng(&bytes, &length, canvas.pix, 0) == 0)
        tolka_strbuf_add(png, bytes, length);
    else
        png->failed = true;
    lept_free(bytes);
    pixDestroy(&canvas.pix);
    return png->failed ? tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory for the page's picture")
                       : TOLKA_OK;
}
