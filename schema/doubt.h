/* When a reading is in doubt: one threshold for the table builder and the checks. Only schema/ includes this. */
#ifndef TOLKA_SCHEMA_DOUBT_H
#define TOLKA_SCHEMA_DOUBT_H

/* The recogniser's word confidence (0..1) under which an amount counts as badly read. */
#define TOLKA_DOUBT_CONFIDENCE 0.60F

#endif
