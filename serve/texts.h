/* What pages say, in English and Swedish: texts.def. serve/ only. */
#ifndef TOLKA_SERVE_TEXTS_H
#define TOLKA_SERVE_TEXTS_H

enum tolka_language { TOLKA_ENGLISH, TOLKA_SWEDISH };

enum tolka_text {
#define TEXT(name, english, swedish) TOLKA_TEXT_##name,
#include "serve/texts.def"
#undef TEXT
    TOLKA_TEXT_COUNT
};

/* Static. */
const char *tolka_text(enum tolka_language language, enum tolka_text text);

/* Words of the record format in a person's language: a status, a verdict, a kind of table or report. What is
 * not known stands for itself. */
const char *tolka_text_status(enum tolka_language language, const char *status);
const char *tolka_text_verdict(enum tolka_language language, const char *verdict);
const char *tolka_text_kind(enum tolka_language language, const char *kind);

/* "en" or "sv": what addresses and the pages' own lang attribute say. */
const char *tolka_language_code(enum tolka_language language);

/* The language of an Accept-Language header: that of the two which is named first; English when none is (or
 * NULL). */
enum tolka_language tolka_language_choose(const char *header);

#endif
