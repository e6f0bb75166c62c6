#include "serve/texts.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *const TEXTS[TOLKA_TEXT_COUNT][2] = {
#define TEXT(name, english, swedish) {english, swedish},
#include "serve/texts.def"
#undef TEXT
};

/* Kinds of reports and tables (record.schema.json). */
static const char *const KINDS[][3] = {
    {"annual_report", "annual report", "årsredovisning"},
    {"interim_report", "interim report", "delårsrapport"},
    {"activity_plan", "activity plan", "verksamhetsplan"},
    {"audit_report", "audit report", "revisionsberättelse"},
    {"minutes", "minutes", "protokoll"},
    {"income_statement", "income statement", "resultaträkning"},
    {"balance_sheet", "balance sheet", "balansräkning"},
    {"cash_flow", "cash flow", "kassaflödesanalys"},
    {"note", "note", "not"},
    {"budget", "budget", "budget"},
    {"budget_followup", "budget follow-up", "budgetuppföljning"},
    {"project_costs", "project costs", "projektkostnader"},
    {"cost_split", "cost split", "kostnadsfördelning"},
    {"goals", "goals", "mål"},
    {"statistics", "statistics", "statistik"},
    {"facts", "facts", "fakta"},
    {"multi_year", "several years", "flerårsöversikt"},
    {"schedule", "schedule", "tidplan"},
    {"contents", "contents", "innehåll"},
    {"other", "other", "övrigt"},
};

const char *tolka_text(enum tolka_language language, enum tolka_text text)
{
    return TEXTS[text][language];
}

const char *tolka_text_status(enum tolka_language language, const char *status)
{
    static const struct {
        const char *word;
        enum tolka_text text;
    } WORDS[] = {{"confirmed", TOLKA_TEXT_STATUS_CONFIRMED},
                 {"read", TOLKA_TEXT_STATUS_READ},
                 {"repaired", TOLKA_TEXT_STATUS_REPAIRED},
                 {"doubtful", TOLKA_TEXT_STATUS_DOUBTFUL},
                 {"corrected", TOLKA_TEXT_STATUS_CORRECTED}};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (strcmp(status, WORDS[i].word) == 0)
            return tolka_text(language, WORDS[i].text);
    }
    return status;
}

const char *tolka_text_verdict(enum tolka_language language, const char *verdict)
{
    if (strcmp(verdict, "holds") == 0)
        return tolka_text(language, TOLKA_TEXT_VERDICT_HOLDS);
    if (strcmp(verdict, "misread") == 0)
        return tolka_text(language, TOLKA_TEXT_VERDICT_MISREAD);
    return strcmp(verdict, "misprint") == 0 ? tolka_text(language, TOLKA_TEXT_VERDICT_MISPRINT) : verdict;
}

const char *tolka_text_kind(enum tolka_language language, const char *kind)
{
    for (size_t i = 0; kind && i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(kind, KINDS[i][0]) == 0)
            return KINDS[i][1 + (language == TOLKA_SWEDISH)];
    }
    return kind;
}

const char *tolka_language_code(enum tolka_language language)
{
    return language == TOLKA_SWEDISH ? "sv" : "en";
}

enum tolka_language tolka_language_choose(const char *header)
{
    while (header && *header) {
        header += strspn(header, " ,");
        if (strncasecmp(header, "sv", 2) == 0)
            return TOLKA_SWEDISH;
        if (strncasecmp(header, "en", 2) == 0)
            return TOLKA_ENGLISH;
        header += strcspn(header, ",");
    }
    return TOLKA_ENGLISH;
}
