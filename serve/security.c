#include "serve/security.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

enum tolka_status tolka_secret_make(char out[TOLKA_SECRET_LENGTH + 1], struct tolka_error *err)
{
    unsigned char bytes[TOLKA_SECRET_LENGTH / 2];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return tolka_error_set(err, TOLKA_ERR_LIBRARY, "the system gives no random numbers: %s",
                               strerror(errno));
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return TOLKA_OK;
}

bool tolka_secret_is(const char *secret, const char *given, size_t given_length)
{
    volatile unsigned char difference = 0; /* volatile: no comparison may end early */

    if (!given || given_length != TOLKA_SECRET_LENGTH)
        return false;
    for (size_t i = 0; i < TOLKA_SECRET_LENGTH; i++)
        difference |= (unsigned char)(secret[i] ^ given[i]);
    return difference == 0;
}

static bool is_host_name(const char *host)
{
    const size_t length = strlen(host);

    return length && length < TOLKA_HOST_SIZE - 16 &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == length;
}

bool tolka_hosts_add(struct tolka_hosts *hosts, const char *host, int port)
{
    const bool bare = strchr(host, ':') && host[0] != '['; /* an IPv6 address stands in brackets */

    if (!is_host_name(host) || hosts->count + 2 > TOLKA_MAX_HOSTS)
        return false;
    if (port)
        snprintf(hosts->names[hosts->count++], TOLKA_HOST_SIZE, bare ? "[%s]:%d" : "%s:%d", host, port);
    if (port == 0 || port == 80)
        snprintf(hosts->names[hosts->count++], TOLKA_HOST_SIZE, bare && port ? "[%s]" : "%s", host);
    return true;
}

bool tolka_hosts_has(const struct tolka_hosts *hosts, const char *header)
{
    for (int i = 0; header && i < hosts->count; i++) {
        if (strcasecmp(hosts->names[i], header) == 0)
            return true;
    }
    return false;
}

/* A proxy before us may speak HTTPS. */
bool tolka_write_is_ours(const struct tolka_hosts *hosts, const char *origin, const char *fetch_site)
{
    static const char *const SCHEMES[] = {"http://", "https://"};

    if (fetch_site && strcmp(fetch_site, "same-origin") != 0)
        return false;
    if (!origin)
        return true;
    for (int i = 0; i < 2; i++) {
        const size_t length = strlen(SCHEMES[i]);
        if (strncmp(origin, SCHEMES[i], length) == 0 && tolka_hosts_has(hosts, origin + length))
            return true;
    }
    return false;
}
