/* Swedish values: amounts, decimals, percentages, dates, periods. Text in, numbers out; knows no tables. */
#ifndef TOLKA_SCHEMA_VALUE_H
#define TOLKA_SCHEMA_VALUE_H

#include "schema/record.h"

/*
 * Reads the number that a whole cell states: "1 116 050", "-143 817", "(1 254)", "12,5 %", "+3 855", "3 600 000 kr", "1.116.050", "− 5".
 * White space of any kind between the groups. Sets `*unit` to what the text itself says, else NONE. False when the text is not one number
 * (a lone dash, a date, a range, a word), and for more than 15 digits.
 */
bool tolka_value_parse(const char *text, struct tolka_decimal *value, enum tolka_unit *unit);

/* Reads "2020-12-31", "20201231", "31 december 2020", "den 5 mars 2021", "31/12 2020". ISO date in `out`; false when none or impossible. */
bool tolka_date_parse(const char *text, char out[11]);

/*
 * Reads a period or a balance date out of a column heading: "2021-01-01 -2021-06-30", "jan-dec 2020", "1 januari-30 juni 2021", "2020",
 * "Q1-Q2 2021", "helår 2019", "2020-12-31" (both ends that day). Strings in the arena. False when none.
 */
bool tolka_period_parse(const char *text, struct tolka_arena *arena, struct tolka_period *period);

/* The unit that a heading or caption names: "Belopp i kr", "tkr", "Mkr", "(%)", "Antal"; NONE when none. */
enum tolka_unit tolka_unit_parse(const char *text);

/* Exact arithmetic; false on overflow (|result| >= 10^17). */
bool tolka_decimal_add(struct tolka_decimal a, struct tolka_decimal b, struct tolka_decimal *sum);
struct tolka_decimal tolka_decimal_negate(struct tolka_decimal a);
int tolka_decimal_compare(struct tolka_decimal a, struct tolka_decimal b);

/* Shortest JSON number ("-143817", "26.7"). `out` holds at least 32 bytes. */
void tolka_decimal_format(struct tolka_decimal value, char out[32]);

#endif
