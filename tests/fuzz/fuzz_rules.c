/* Any bytes as a rule file: refused with a message, or rules. */
#include "schema/rules.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char folder[64] = "", path[96];
    const char *const dirs[] = {folder};
    struct tolka_rules *rules = NULL;
    struct tolka_error err = {0};
    FILE *file;

    if (!folder[0]) {
        snprintf(folder, sizeof folder, "/tmp/tolka_fuzz_XXXXXX");
        if (!mkdtemp(folder))
            abort();
        snprintf(path, sizeof path, "%s/a.yaml", folder);
    }
    file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
    if (tolka_rules_load(dirs, 1, &rules, &err) != TOLKA_OK && !err.message[0])
        abort();
    tolka_rules_free(rules);
    return 0;
}
