/* The archive in a browser, without the network: the pages of a made store. */
#include "serve/route.h"
#include "tests/support/count.h"
#include "tests/support/made_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tolka_site site;

static int set_up(void **state)
{
    const struct made_size size = {2, 40, 2, 6};
    struct tolka_error err = {0};
    struct tolka_store *store;
    const char *path = made_store_path();
    char name[64];

    (void)state;
    store = made_store_open(NULL, "1");
    made_store_report(store, 0, "<img src=x onerror=alert(1)>.pdf", size);
    for (int i = 1; i < 120; i++) {
        snprintf(name, sizeof name, "a/%03d.pdf", i);
        made_store_report(store, i, name, size);
    }
    for (int i = 1; i <= 45; i++) { /* of the organisation and the year of number 3 */
        snprintf(name, sizeof name, "b/%03d.pdf", i);
        made_store_report(store, 3 + 120 * i, name, MADE_SMALL);
    }
    tolka_store_put_missing(store, "gone \"<b>.pdf",
                            &(struct tolka_store_problem){.code = "missing", .message = "<i>"}, &err);
    tolka_store_run_end(store, &err);
    tolka_store_close(store);
    return tolka_site_init(&site, path, true, NULL, NULL, &err);
}

static int tear_down(void **state)
{
    (void)state;
    tolka_site_release(&site);
    made_store_remove();
    return 0;
}

/* The page at `address` ("sv/reports?state=done"); its status is checked. The caller releases it. */
static struct tolka_response look(const char *address, int status)
{
    struct tolka_request request = {0};
    struct tolka_response response = {0};
    const char *query = strchr(address, '?');

    snprintf(request.path, sizeof request.path, "%.*s", query ? (int)(query - address) : (int)strlen(address),
             address);
    if (query)
        assert_true(tolka_request_add_form(&request, query + 1, strlen(query + 1)));
    tolka_route(&site, &request, &response);
    assert_int_equal(response.status, status);
    tolka_request_release(&request);
    return response;
}

static void release(struct tolka_response *response)
{
    tolka_strbuf_release(&response->body);
    tolka_strbuf_release(&response->location);
}

static void test_route_answers_every_page_in_both_languages(void **state)
{
    static const char *const PAGES[] = {"",
                                        "reports",
                                        "reports?state=done&kind=annual_report",
                                        "search",
                                        "search?q=kommun",
                                        "search?q=%22",
                                        "organisations",
                                        "problems",
                                        "problems?code=crash",
                                        "missing",
                                        "misprints",
                                        "misread",
                                        "doubtful",
                                        "report/1",
                                        "report/1/page/1",
                                        "report/1/table/1",
                                        "report/1/table/1?row=3",
                                        "report/1/cell/1/2/1"};
    char address[128];

    (void)state;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        for (int k = 0; k < 2; k++) {
            struct tolka_response response;
            snprintf(address, sizeof address, "%s/%s", k ? "sv" : "en", PAGES[i]);
            response = look(address, 200);
            assert_non_null(strstr(response.body.data, k ? "<html lang=\"sv\">" : "<html lang=\"en\">"));
            assert_non_null(strstr(response.body.data, "</main></body></html>"));
            release(&response);
        }
    }
}

static void test_route_knows_no_other_page(void **state)
{
    static const char *const PAGES[] = {"sv",
                                        "de/",
                                        "sv/x",
                                        "sv/report/",
                                        "sv/report/999999",
                                        "sv/report/1/table/99",
                                        "sv/report/1/table/0",
                                        "sv/report/1/cell/1/999/0",
                                        "sv/report/1/cell/1/0/99",
                                        "sv/report/1/page/0",
                                        "sv/report/1/page/3",
                                        "sv/organisation",
                                        "sv/organisation?key=x",
                                        "sv/../../etc",
                                        "sv/report/1/table/1/1"};

    (void)state;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        struct tolka_response response = look(PAGES[i], 404);
        release(&response);
    }
}

static void test_route_leads_to_the_readers_language(void **state)
{
    struct tolka_request request = {.accept_language = "de, sv;q=0.8, en;q=0.5"};
    struct tolka_response response = {0};

    (void)state;
    tolka_route(&site, &request, &response);
    assert_int_equal(response.status, 303);
    assert_string_equal(tolka_strbuf_text(&response.location), "sv/");
    release(&response);
}

static void test_pages_hold_hostile_text_as_text(void **state)
{
    static const char *const PAGES[] = {"sv/reports",
                                        "sv/report/1",
                                        "sv/missing",
                                        "sv/reports?state=%22%3E%3Cscript%3E",
                                        "sv/search?q=%22%3E%3Cscript%3Ekommun",
                                        "en/organisations?after=%3Cscript%3E"};

    (void)state;
    for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
        struct tolka_response response = look(PAGES[i], 200);
        assert_null(strstr(response.body.data, "<img"));
        assert_null(strstr(response.body.data, "<script"));
        assert_null(strstr(response.body.data, "<b>"));
        assert_null(strstr(response.body.data, "<i>"));
        release(&response);
    }
}

/* The address behind "more" of a page, decoded enough to be asked for again; empty at the end. */
static void next_page(const struct tolka_response *response, char *address, size_t size)
{
    const char *at = strstr(response->body.data, "rel=\"next\" href=\""), *end;
    size_t length = 3;

    address[0] = '\0';
    if (!at)
        return;
    at += strlen("rel=\"next\" href=\"");
    end = strchr(at, '"');
    snprintf(address, size, "sv/");
    for (; at < end && length + 1 < size; at++) {
        address[length++] = *at;
        if (strncmp(at, "&amp;", 5) == 0)
            at += 4;
    }
    address[length] = '\0';
}

static void test_reports_are_all_there_over_pages(void **state)
{
    char address[256] = "sv/reports";
    int rows = 0, pages = 0;

    (void)state;
    while (*address && pages < 10) {
        struct tolka_response response = look(address, 200);
        rows += count_of(response.body.data, "<tr><td>");
        pages++;
        next_page(&response, address, sizeof address);
        release(&response);
    }
    assert_int_equal(rows, 165);
    assert_int_equal(pages, 4);
}

static void test_organisation_shows_charts_that_lead_to_cells(void **state)
{
    struct tolka_response list = look("sv/organisations", 200), page, cell;
    char address[256] = "sv/", *at;

    (void)state;
    at = strstr(list.body.data, "organisation?key=");
    assert_non_null(at);
    sscanf(at, "%250[^\"]", address + 3);
    page = look(address, 200);
    at = strstr(page.body.data, "<svg");
    assert_non_null(at);
    at = strstr(at, "<a href=\"");
    assert_non_null(at);
    sscanf(at + 9, "%250[^\"]", address + 3);
    cell = look(address, 200);
    assert_non_null(strstr(cell.body.data, "id=\"main\""));
    release(&list);
    release(&page);
    release(&cell);
}

static void test_organisation_lists_all_reports_of_a_period_over_pages(void **state)
{
    char address[256] = "sv/", *at;
    struct tolka_response one = look("sv/report/4", 200);
    int rows = 0, pages = 0;

    (void)state;
    at = strstr(one.body.data, "organisation?key=");
    assert_non_null(at);
    sscanf(at, "%250[^\"]", address + 3);
    release(&one);
    while (*address && pages < 5) {
        struct tolka_response response = look(address, 200);
        rows += count_of(response.body.data, "<li><a href=\"report/");
        pages++;
        next_page(&response, address, sizeof address);
        release(&response);
    }
    assert_int_equal(rows, 51);
    assert_int_equal(pages, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_route_answers_every_page_in_both_languages),
        cmocka_unit_test(test_route_knows_no_other_page),
        cmocka_unit_test(test_route_leads_to_the_readers_language),
        cmocka_unit_test(test_pages_hold_hostile_text_as_text),
        cmocka_unit_test(test_reports_are_all_there_over_pages),
        cmocka_unit_test(test_organisation_shows_charts_that_lead_to_cells),
        cmocka_unit_test(test_organisation_lists_all_reports_of_a_period_over_pages),
    };

    return cmocka_run_group_tests_name("serve, pages", tests, set_up, tear_down);
}
