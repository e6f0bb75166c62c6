/* From an address to the page that answers it. serve/ only. */
#ifndef TOLKA_SERVE_ROUTE_H
#define TOLKA_SERVE_ROUTE_H

#include "serve/request.h"
#include "serve/site.h"

/* Answers a request that got past the door (the key, the host, the form's token); fills the all-zero
 * `response`. */
void tolka_route(struct tolka_site *site, const struct tolka_request *request,
                 struct tolka_response *response);

#endif
