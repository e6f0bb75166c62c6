/*
 * damage_digits TIMES SEED WORDS...: damages digits of the checked amounts in saved words
 * (tests/support/saved_words.h) and prints how many are put right, with the truth among the word's
 * alternatives and without. -v before TIMES: each that is not.
 */
#include "tests/support/digit_damage.h"
#include "tests/support/saved_words.h"

#include <stdlib.h>
#include <string.h>

static bool run_file(const char *path, const struct tolka_rules *rules, int times, uint32_t seed,
                     enum digit_damage_help help, bool verbose, struct digit_damage *result)
{
    size_t count = 0;
    struct tolka_page *pages = saved_words_read(path, &count);
    const bool good = pages && digit_damage_run(pages, count, rules, times, seed, help, verbose, result);

    for (size_t i = 0; pages && i < count; i++)
        tolka_page_release(&pages[i]);
    free(pages);
    return good;
}

int main(int argc, char **argv)
{
    static const char *const NAMES[] = {"truth offered", "truth and a decoy offered", "nothing offered"};
    const char *const dirs[] = {"schema/rules"};
    struct tolka_rules *rules = NULL;
    struct tolka_error err = {0};
    const bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    const int first = verbose ? 2 : 1;
    bool good = true;

    if (argc < first + 3 || tolka_rules_load(dirs, 1, &rules, &err)) {
        fputs("usage: damage_digits [-v] TIMES SEED WORDS...\n", stderr);
        return 2;
    }
    for (int help = DAMAGE_TRUTH_OFFERED; help <= DAMAGE_NOTHING_OFFERED; help++) {
        struct digit_damage result = {0};
        for (int i = first + 2; i < argc; i++)
            good = run_file(argv[i], rules, atoi(argv[first]), (uint32_t)atoi(argv[first + 1]), help, verbose,
                            &result) &&
                   good;
        printf("%s: %d figures checked, %d damaged, %d right, %d in doubt, %d wrong silently, %d misprints "
               "claimed\n",
               NAMES[help], result.checked, result.tried, result.right, result.flagged, result.silent,
               result.misprints);
    }
    tolka_rules_free(rules);
    return good ? 0 : 1;
}
