/*
 * Who may see the archive, and who may write. The address holds a secret, so that only one who was given it
 * gets in; the Host header must be ours, so that no name of another's that leads here (DNS rebinding) does;
 * and what writes must come from our own pages. serve/ only.
 */
#ifndef TOLKA_SERVE_SECURITY_H
#define TOLKA_SERVE_SECURITY_H

#include "base/error.h"

#include <stdbool.h>

enum { TOLKA_SECRET_LENGTH = 32, TOLKA_MAX_HOSTS = 8, TOLKA_HOST_SIZE = 280 };

/* 128 random bits as hexadecimal digits. Error LIBRARY: the system gives none. */
enum tolka_status tolka_secret_make(char out[TOLKA_SECRET_LENGTH + 1], struct tolka_error *err);

/* True when `given` (any length, NULL allowed) is the secret; takes the same time wherever they differ. */
bool tolka_secret_is(const char *secret, const char *given, size_t given_length);

/* The names under which we are called: "127.0.0.1:8017", "[::1]:8017", ... */
struct tolka_hosts {
    char names[TOLKA_MAX_HOSTS][TOLKA_HOST_SIZE];
    int count;
};

/* Adds `host` with `port` (and without, for port 80), or with port 0 as it is. False when there are too many
 * or it is no host name. */
bool tolka_hosts_add(struct tolka_hosts *hosts, const char *host, int port);

/* True when the Host header names us; NULL does not. */
bool tolka_hosts_has(const struct tolka_hosts *hosts, const char *header);

/* True when a writing request with these headers (NULL: not sent) can only come of a page of ours, or of a
 * program that is no browser. */
bool tolka_write_is_ours(const struct tolka_hosts *hosts, const char *origin, const char *fetch_site);

#endif
