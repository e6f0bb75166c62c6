/*
 * HTTP by libmicrohttpd: a pool of threads, each with a connection of its own to the store. A request passes
 * the door first: known method, bounded size, our host, the key, and for what writes our own page as its
 * origin and the form's token. What does not is told no more than that.
 */
#include "serve/server.h"

#include "serve/route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS = 256,
    CONNECTION_BYTES = 32768, /* of a connection's address and headers */
    TIMEOUT_S = 30,
    MAX_THREADS = 64,
    THREADS_A_PROCESSOR = 4,
    MIN_THREADS = 4,
};

struct tolka_server {
    struct tolka_site site;
    struct MHD_Daemon *daemon;
    char url[512];
};

/* What is known of a request between the calls for its parts. */
struct exchange {
    struct tolka_request request;
    bool too_large, refused;
};

/* Nothing of another's in our pages, no script at all, nobody's frame around them. */
static const char POLICY[] =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

static const char *const HEADERS[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"}, /* without any, browsers send forms from origin "null" */
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Sends the answer, which is released. */
static enum MHD_Result send_response(struct MHD_Connection *connection, struct tolka_response *response)
{
    struct MHD_Response *message = MHD_create_response_from_buffer(
        response->body.length, response->body.data ? response->body.data : "", MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_NO;

    if (message) {
        for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++)
            MHD_add_response_header(message, HEADERS[i][0], HEADERS[i][1]);
        MHD_add_response_header(message, "Content-Security-Policy",
                                response->policy ? response->policy : POLICY);
        MHD_add_response_header(message, "Content-Type", response->content_type);
        MHD_add_response_header(message, "Cache-Control", "no-store");
        if (response->location.length)
            MHD_add_response_header(message, "Location", tolka_strbuf_text(&response->location));
        result = MHD_queue_response(connection, (unsigned)response->status, message);
        MHD_destroy_response(message);
    }
    tolka_strbuf_release(&response->body);
    tolka_strbuf_release(&response->location);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, int status, const char *words)
{
    struct tolka_response response = {.status = status, .content_type = "text/plain; charset=utf-8"};

    tolka_strbuf_add_str(&response.body, words);
    return send_response(connection, &response);
}

static enum MHD_Result take_parameter(void *data, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    struct exchange *exchange = data;

    (void)kind;
    exchange->refused |= !tolka_request_add(&exchange->request, name, value ? value : "");
    return exchange->refused ? MHD_NO : MHD_YES;
}

/* The address behind "/KEY/"; NULL: this is no key of ours. */
static const char *open_door(const struct tolka_site *site, const char *url)
{
    const size_t length = url[0] == '/' ? strcspn(url + 1, "/") : 0;

    if (!tolka_secret_is(site->key, url + 1, length) || url[1 + length] != '/')
        return NULL;
    return url + 1 + length + 1;
}

/* What is refused before anything is read of it; 0: nothing. */
static int check_door(const struct tolka_site *site, struct MHD_Connection *connection, const char *url,
                      const char *method)
{
    const bool post = strcmp(method, "POST") == 0;
    const char *rest;

    if (!tolka_hosts_has(&site->hosts, header(connection, "Host")))
        return 421;
    rest = open_door(site, url);
    if (!rest || strlen(rest) > TOLKA_MAX_PATH_BYTES)
        return 404;
    if (!post && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return 405;
    if (post && (site->read_only || !tolka_write_is_ours(&site->hosts, header(connection, "Origin"),
                                                         header(connection, "Sec-Fetch-Site"))))
        return 403;
    return 0;
}

static const char *words_for(int status)
{
    switch (status) {
    case 403:
        return "This must be sent from a page of the archive.\n";
    case 405:
        return "Only GET and POST are answered.\n";
    case 413:
        return "This is too large.\n";
    case 421:
        return "The archive is not known by this name.\n";
    default:
        return "There is no such page.\n";
    }
}

static bool is_form(struct MHD_Connection *connection)
{
    static const char FORM[] = "application/x-www-form-urlencoded";
    const char *type = header(connection, "Content-Type");

    return type && strncasecmp(type, FORM, sizeof FORM - 1) == 0;
}

/* The request is whole: it is answered. */
static enum MHD_Result answer(struct tolka_server *server, struct MHD_Connection *connection,
                              struct exchange *exchange, const char *url, bool post)
{
    struct tolka_request *request = &exchange->request;
    struct tolka_response response = {0};
    const char *token;

    request->post = post;
    snprintf(request->path, sizeof request->path, "%s", open_door(&server->site, url));
    request->accept_language = header(connection, "Accept-Language");
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_parameter, exchange);
    if (post && is_form(connection))
        exchange->refused |=
            !tolka_request_add_form(request, tolka_strbuf_text(&request->body), request->body.length);
    if (exchange->too_large || exchange->refused || request->body.failed)
        return refuse(connection, 413, words_for(413));
    token = tolka_request_value(request, "token");
    if (post && !tolka_secret_is(server->site.token, token, token ? strlen(token) : 0))
        return refuse(connection, 403, words_for(403));
    tolka_route(&server->site, request, &response);
    return send_response(connection, &response);
}

static enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *body, size_t *body_length,
                              void **kept)
{
    struct tolka_server *server = data;
    struct exchange *exchange = *kept;
    int refused;

    (void)version;
    if (!exchange) {
        refused = check_door(&server->site, connection, url, method);
        if (refused)
            return refuse(connection, refused, words_for(refused));
        *kept = calloc(1, sizeof *exchange);
        return *kept ? MHD_YES : MHD_NO;
    }
    if (*body_length) {
        struct tolka_strbuf *kept_body = &exchange->request.body;
        exchange->too_large |= *body_length > TOLKA_MAX_BODY_BYTES - kept_body->length;
        if (!exchange->too_large)
            tolka_strbuf_add(kept_body, body, *body_length);
        *body_length = 0;
        return MHD_YES;
    }
    return answer(server, connection, exchange, url, strcmp(method, "POST") == 0);
}

static void forget(void *data, struct MHD_Connection *connection, void **kept,
                   enum MHD_RequestTerminationCode how)
{
    struct exchange *exchange = *kept;

    (void)data, (void)connection, (void)how;
    if (exchange)
        tolka_request_release(&exchange->request);
    free(exchange);
    *kept = NULL;
}

static void stay_silent(void *data, const char *format, va_list arguments)
{
    (void)data, (void)format,
        (void)arguments; /* a library does not print; what a client sent wrong is no news */
}

/* Where to listen. */
union place {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static enum tolka_status read_place(const struct tolka_server_options *options, union place *place,
                                    struct tolka_error *err)
{
    *place = (union place){0};
    if (options->port < 0 || options->port > 65535)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%d: is no port", options->port);
    if (inet_pton(AF_INET, options->address, &place->v4.sin_addr) == 1) {
        place->v4.sin_family = AF_INET;
        place->v4.sin_port = htons((uint16_t)options->port);
        return TOLKA_OK;
    }
    *place = (union place){0};
    if (inet_pton(AF_INET6, options->address, &place->v6.sin6_addr) == 1) {
        place->v6.sin6_family = AF_INET6;
        place->v6.sin6_port = htons((uint16_t)options->port);
        return TOLKA_OK;
    }
    return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "%s: is no address to listen at", options->address);
}

static int thread_count(const struct tolka_server_options *options)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    long threads = options->threads > 0 ? options->threads : processors * THREADS_A_PROCESSOR;

    if (threads < (options->threads > 0 ? 2 : MIN_THREADS))
        threads = options->threads > 0 ? 2 : MIN_THREADS;
    return (int)(threads > MAX_THREADS ? MAX_THREADS : threads);
}

/* A socket that listens there, and the port that it got; -1 with an error. */
static int listen_at(const struct tolka_server_options *options, int *port, struct tolka_error *err)
{
    union place place;
    const int yes = 1;
    socklen_t length = sizeof place;
    int fd;

    if (read_place(options, &place, err))
        return -1;
    length = place.any.sa_family == AF_INET ? sizeof place.v4 : sizeof place.v6;
    fd = socket(place.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
        bind(fd, &place.any, length) || listen(fd, SOMAXCONN) || getsockname(fd, &place.any, &length)) {
        tolka_error_set(err, TOLKA_ERR_IO, "%s port %d: cannot be listened at: %s", options->address,
                        options->port, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *port = ntohs(place.any.sa_family == AF_INET ? place.v4.sin_port : place.v6.sin6_port);
    return fd;
}

static enum tolka_status name_hosts(struct tolka_server *server, const struct tolka_server_options *options,
                                    int port, struct tolka_error *err)
{
    struct tolka_hosts *hosts = &server->site.hosts;
    bool good = tolka_hosts_add(hosts, options->address, port) && tolka_hosts_add(hosts, "localhost", port);

    for (int i = 0; good && i < options->host_count; i++)
        good = tolka_hosts_add(hosts, options->hosts[i], 0);
    if (!good)
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "too many names, or one that is no host name");
    snprintf(server->url, sizeof server->url, "http://%s/%s/", hosts->names[0], server->site.key);
    return TOLKA_OK;
}

/* Takes the socket; from here on threads read what was set up before. */
static enum tolka_status start_daemon(struct tolka_server *server, const struct tolka_server_options *options,
                                      int fd, struct tolka_error *err)
{
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | MHD_USE_ERROR_LOG, 0, NULL, NULL, handle, server,
        MHD_OPTION_EXTERNAL_LOGGER, stay_silent, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)thread_count(options), MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S, MHD_OPTION_NOTIFY_COMPLETED, forget, NULL,
        MHD_OPTION_END);
    if (server->daemon)
        return TOLKA_OK;
    close(fd);
    return tolka_error_set(err, TOLKA_ERR_LIBRARY, "the server cannot be started");
}

static bool is_key(const char *key)
{
    return strlen(key) == TOLKA_SECRET_LENGTH && strspn(key, "0123456789abcdef") == TOLKA_SECRET_LENGTH;
}

enum tolka_status tolka_server_start(const struct tolka_server_options *options, struct tolka_server **out,
                                     struct tolka_error *err)
{
    struct tolka_error local = {0};
    struct tolka_server *server;
    int fd, port = 0;

    err = err ? err : &local;
    *out = NULL;
    if (options->key && !is_key(options->key))
        return tolka_error_set(err, TOLKA_ERR_ARGUMENT, "the key must be %d hexadecimal digits",
                               TOLKA_SECRET_LENGTH);
    server = calloc(1, sizeof *server);
    if (!server)
        return tolka_error_set(err, TOLKA_ERR_MEMORY, "out of memory");
    if (tolka_site_init(&server->site, options->store, options->read_only, options->key, options->rules,
                        err)) {
        free(server);
        return err->status;
    }
    fd = tolka_site_store(&server->site, err) ? listen_at(options, &port, err) : -1;
    if (fd >= 0 && name_hosts(server, options, port, err))
        close(fd);
    else if (fd >= 0)
        start_daemon(server, options, fd, err);
    if (err->status) {
        tolka_server_stop(server);
        return err->status;
    }
    *out = server;
    return TOLKA_OK;
}

const char *tolka_server_url(const struct tolka_server *server)
{
    return server->url;
}

void tolka_server_stop(struct tolka_server *server)
{
    if (!server)
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    tolka_site_release(&server->site);
    free(server);
}
