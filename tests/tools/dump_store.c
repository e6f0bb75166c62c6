/* dump_store STORE [JSON-FOLDER]: the store's logical dump to standard output; the JSON of each report into a
 * folder, named by its hash. */
#include "ingest/store.h"

#include <stdio.h>
#include <string.h>

struct exporting {
    struct tolka_store *store;
    const char *folder;
    bool failed;
};

static bool export_one(const struct tolka_store_report *report, void *data)
{
    struct exporting *exporting = data;
    struct tolka_strbuf json = {0};
    char path[4096];
    FILE *file;

    if (!report->has_record)
        return true;
    snprintf(path, sizeof path, "%s/%s.json", exporting->folder, report->sha256);
    file = fopen(path, "wb");
    exporting->failed |= !file || tolka_store_read_json(exporting->store, report->report, &json, NULL) ||
                         fwrite(json.data, 1, json.length, file) != json.length;
    if (file)
        fclose(file);
    tolka_strbuf_release(&json);
    return !exporting->failed;
}

int main(int argc, char **argv)
{
    struct exporting exporting = {.folder = argc > 2 ? argv[2] : NULL};
    struct tolka_strbuf out = {0};
    struct tolka_error err = {0};

    if (argc < 2 || tolka_store_open(argv[1], TOLKA_STORE_READ, &exporting.store, &err) ||
        tolka_store_dump(exporting.store, &out, &err)) {
        fprintf(stderr, "dump_store: %s\n", err.message);
        return 1;
    }
    fwrite(out.data, 1, out.length, stdout);
    if (exporting.folder && tolka_store_each_report(exporting.store, export_one, &exporting, &err))
        exporting.failed = true;
    tolka_strbuf_release(&out);
    tolka_store_close(exporting.store);
    return exporting.failed;
}
