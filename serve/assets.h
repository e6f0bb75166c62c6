/* Files of the pages that are taken into the program as they are. serve/ only. */
#ifndef TOLKA_SERVE_ASSETS_H
#define TOLKA_SERVE_ASSETS_H

/* The style sheet. Static. */
const char *tolka_asset_style(void);

#endif
