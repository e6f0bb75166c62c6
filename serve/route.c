#include "serve/route.h"

#include "ingest/store_share.h"
#include "serve/assets.h"
#include "serve/view.h"

#include <stdio.h>
#include <string.h>

static const struct route {
    const char
        *address; /* after the language; a '%' stands for a number, at the end what is before it is enough */
    bool post;
    tolka_serve_fn *page;
} ROUTES[] = {
    {"", false, tolka_serve_overview},
    {"reports", false, tolka_serve_reports},
    {"search", false, tolka_serve_search},
    {"organisations", false, tolka_serve_organisations},
    {"organisation", false, tolka_serve_organisation},
    {"problems", false, tolka_serve_problems},
    {"missing", false, tolka_serve_missing},
    {"misprints", false, tolka_serve_checks},
    {"misread", false, tolka_serve_checks},
    {"doubtful", false, tolka_serve_doubtful},
    {"report/%", false, tolka_serve_report},
    {"report/%/page/%", false, tolka_serve_text},
    {"report/%/table/%", false, tolka_serve_table},
    {"report/%/cell/%/%/%", false, tolka_serve_cell},
    {"report/%/cell/%/%/%", true, tolka_serve_correct},
    {"report/%/review", false, tolka_serve_review},
    {"report/%/picture/%", false, tolka_serve_picture},
    {"report/%/corrections", true, tolka_serve_corrections},
};

enum { MAX_NUMBERS = 4 };

static const char HTML[] = "text/html; charset=utf-8";

static tolka_serve_fn *find_page(const char *rest, bool post)
{
    int64_t numbers[MAX_NUMBERS];

    for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++) {
        int count = 0;
        for (const char *c = ROUTES[i].address; *c; c++)
            count += *c == '%';
        if (ROUTES[i].post == post && tolka_view_match(rest, ROUTES[i].address, numbers, count))
            return ROUTES[i].page;
    }
    return NULL;
}

/* From `rest` back to the language: "../" for each folder. */
static bool make_base(const char *rest, char *base, size_t size)
{
    size_t length = 0;

    base[0] = '\0';
    for (; *rest; rest++) {
        if (*rest == '/' && (length += 3) >= size)
            return false;
        if (*rest == '/')
            memcpy(base + length - 3, "../", 4);
    }
    return true;
}

/* A page that says what went wrong, in place of what was made so far. */
static void say(struct tolka_view *view, int status, const char *message)
{
    tolka_strbuf_truncate(view->out, 0);
    view->response->content_type = HTML;
    view->response->policy = NULL;
    tolka_view_begin(view, message);
    tolka_view_end(view);
    view->response->status = status;
}

static int ask(struct tolka_view *view, tolka_serve_fn *page)
{
    view->store = tolka_site_store(view->site, view->err);
    return view->store ? page(view) : 500;
}

/* What only reads is asked again when the server of the database turns out to have been away. */
static int ask_again(struct tolka_view *view, tolka_serve_fn *page)
{
    tolka_strbuf_truncate(view->out, 0);
    tolka_error_clear(view->err);
    return ask(view, page);
}

static void answer(struct tolka_view *view)
{
    tolka_serve_fn *page = find_page(view->rest, view->request->post);

    view->response->status = page ? ask(view, page) : 404;
    if (view->response->status == 500 && !view->request->post && view->store &&
        tolka_store_is_lost(view->store))
        view->response->status = ask_again(view, page);
    if (view->response->status == 404)
        say(view, 404, T(view, NOT_FOUND));
    else if (view->response->status == 500) /* what failed may name what no reader need know */
        say(view, 500, T(view, FAILED));
}

/* "sv/reports" is a page in Swedish; "" leads to the language that the reader asks for. */
static bool find_language(const char *path, enum tolka_language *language)
{
    if (strncmp(path, "sv/", 3) != 0 && strncmp(path, "en/", 3) != 0)
        return false;
    *language = path[0] == 's' ? TOLKA_SWEDISH : TOLKA_ENGLISH;
    return true;
}

void tolka_route(struct tolka_site *site, const struct tolka_request *request,
                 struct tolka_response *response)
{
    struct tolka_error err = {0};
    struct tolka_view view = {
        .request = request, .site = site, .response = response, .out = &response->body, .err = &err};

    response->content_type = HTML;
    if (strcmp(request->path, "style.css") == 0 && !request->post) {
        response->content_type = "text/css; charset=utf-8";
        response->status = 200;
        tolka_strbuf_add_str(&response->body, tolka_asset_style());
    } else if (!*request->path && !request->post) {
        response->status = 303;
        tolka_strbuf_addf(&response->location, "%s/",
                          tolka_language_code(tolka_language_choose(request->accept_language)));
    } else if (find_language(request->path, &view.language) &&
               make_base(request->path + 3, view.base, sizeof view.base)) {
        view.rest = request->path + 3;
        answer(&view);
    } else {
        response->status = 404;
        response->content_type = "text/plain; charset=utf-8";
        tolka_strbuf_add_str(&response->body, "There is no such page.\n");
    }
    if (response->body.failed || response->location.failed)
        response->status = 500;
}
