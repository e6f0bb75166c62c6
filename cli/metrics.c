/* A page of numbers for Prometheus (text format 0.0.4). Whatever is asked for, that is the answer: one read,
 * one write, both without waiting, and the end; no request is parsed. */
#include "cli/metrics.h"

#include "base/strbuf.h"
#include "cli/cli.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES = 4096, REQUEST_MS = 50, MAX_VISITS = 8, ADDRESS_BYTES = 256 };

/* Parts "ADDR:PORT"; false when it is none. */
static bool part(const char *where, char address[ADDRESS_BYTES], const char **port)
{
    const char *colon = strrchr(where, ':');
    size_t length = colon ? (size_t)(colon - where) : 0;

    if (!colon || !colon[1] || length >= ADDRESS_BYTES)
        return false;
    if (length > 1 && where[0] == '[' && where[length - 1] == ']') {
        where++;
        length -= 2;
    }
    if (length)
        snprintf(address, ADDRESS_BYTES, "%.*s", (int)length, where);
    else
        snprintf(address, ADDRESS_BYTES, "127.0.0.1");
    *port = colon + 1;
    return true;
}

int tolka_metrics_listen(const char *where)
{
    const struct addrinfo wish = {.ai_socktype = SOCK_STREAM,
                                  .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    char address[ADDRESS_BYTES];
    const char *port;
    struct addrinfo *found = NULL;
    const int yes = 1;
    int fd = -1;

    if (!part(where, address, &port) || getaddrinfo(address, port, &wish, &found)) {
        tolka_cli_complain("%s: not an address and a port", where);
        return -1;
    }
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, MAX_VISITS)) {
        tolka_cli_complain("%s: %s", where, strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static void add_counter(struct tolka_strbuf *out, const char *name, const char *kind, const char *help,
                        double value)
{
    tolka_strbuf_addf(out, "# HELP tolka_%s %s\n# TYPE tolka_%s %s\ntolka_%s %.15g\n", name, help, name, kind,
                      name, value);
}

static void add_counts(struct tolka_strbuf *out, const struct tolka_ingest_counts *counts)
{
    add_counter(out, "pages_done_total", "counter", "Pages read by this worker.", (double)counts->pages_done);
    add_counter(out, "pages_failed_total", "counter", "Pages given up by this worker.",
                (double)counts->pages_failed);
    add_counter(out, "reports_done_total", "counter", "Reports finished by this worker.",
                (double)counts->reports_done);
    add_counter(out, "reports_failed_total", "counter", "Reports that failed as a whole.",
                (double)counts->reports_failed);
    add_counter(out, "files_missing_total", "counter", "Files that could not be opened.",
                (double)counts->missing);
    add_counter(out, "processes_lost_total", "counter", "Worker processes that died over a page.",
                (double)counts->workers_lost);
    add_counter(out, "running_seconds", "gauge", "Seconds since this worker began.", counts->seconds);
}

static void answer(int visitor, const struct tolka_ingest_counts *counts)
{
    struct pollfd asking = {.fd = visitor, .events = POLLIN};
    struct tolka_strbuf page = {0}, out = {0};
    char request[REQUEST_BYTES];

    add_counts(&page, counts);
    tolka_strbuf_addf(&out,
                      "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: %zu\r\n"
                      "Connection: close\r\n\r\n%s",
                      page.length, tolka_strbuf_text(&page));
    if (!out.failed && poll(&asking, 1, REQUEST_MS) > 0 &&
        recv(visitor, request, sizeof request, MSG_DONTWAIT) > 0)
        (void)!send(visitor, out.data, out.length, MSG_DONTWAIT | MSG_NOSIGNAL);
    tolka_strbuf_release(&page);
    tolka_strbuf_release(&out);
}

void tolka_metrics_answer(int fd, const struct tolka_ingest_counts *counts, void *data)
{
    (void)data;
    for (int i = 0; i < MAX_VISITS; i++) {
        const int visitor = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        if (visitor < 0)
            return;
        answer(visitor, counts);
        close(visitor);
    }
}
