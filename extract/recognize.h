/*
 * The recogniser behind one small interface: a page picture in, words with boxes and confidences out. recognize.c (Tesseract) is the only
 * implementation; a faster engine can come behind it.
 */
#ifndef TOLKA_EXTRACT_RECOGNIZE_H
#define TOLKA_EXTRACT_RECOGNIZE_H

#include "base/error.h"
#include "extract/page.h"

struct tolka_recognizer;
struct tolka_picture;

/* One engine, for one thread; slow to make, so once a worker. Error LIBRARY when the language data is missing. */
enum tolka_status tolka_recognizer_new(struct tolka_recognizer **out, struct tolka_error *err);

/*
 * Recognises an upright, deskewed picture and appends words and lines (box, raw = text, confidence, bold; line blocks from the engine's own
 * layout) to `page`.
 */
enum tolka_status tolka_recognizer_read(struct tolka_recognizer *recognizer, const struct tolka_picture *picture,
                                        struct tolka_page *page, struct tolka_error *err);

void tolka_recognizer_free(struct tolka_recognizer *recognizer);

#endif
