/* Text as XML takes it. Writers of XML include this. */
#ifndef TOLKA_SCHEMA_XML_H
#define TOLKA_SCHEMA_XML_H

#include "base/strbuf.h"

#include <stdint.h>

/* The entity of a character that means something in XML and HTML, static; NULL: it stands for itself. */
const char *tolka_xml_entity(uint32_t code);

/* Appends `text` (NULL is ""), fit for content and for attributes in either kind of quotes; what XML 1.0
 * cannot hold becomes U+FFFD. */
void tolka_xml_text(struct tolka_strbuf *out, const char *text);

/* Appends ` name="value"`. */
void tolka_xml_attribute(struct tolka_strbuf *out, const char *name, const char *value);
void tolka_xml_int(struct tolka_strbuf *out, const char *name, long long value);
void tolka_xml_real(struct tolka_strbuf *out, const char *name, double value); /* at most three decimals */

#endif
