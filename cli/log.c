#include "cli/log.h"

#include <stdio.h>
#include <time.h>

static bool is_on;

void tolka_log_begin(void)
{
    is_on = true;
}

bool tolka_log_is_on(void)
{
    return is_on;
}

void tolka_log_line_begin(struct tolka_log_line *line, const char *level, const char *event)
{
    struct timespec now;
    struct tm parts;
    char text[40] = "";
    size_t length = 0;

    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &parts))
        length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + length, sizeof text - length, ".%03dZ", (int)(now.tv_nsec / 1000000));
    *line = (struct tolka_log_line){.json = {.out = NULL}};
    line->json.out = &line->out;
    tolka_json_open(&line->json, NULL, '{');
    tolka_json_string(&line->json, "time", text);
    tolka_json_string(&line->json, "level", level);
    tolka_json_string(&line->json, "event", event);
}

/* In one write, so that lines of several programs into one file do not mix. */
void tolka_log_line_end(struct tolka_log_line *line)
{
    tolka_json_close(&line->json, '}');
    tolka_strbuf_add_char(&line->out, '\n');
    if (!line->out.failed) {
        fwrite(line->out.data, 1, line->out.length, stderr);
        fflush(stderr);
    }
    tolka_strbuf_release(&line->out);
}
