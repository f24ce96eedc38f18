/* Text for XML and HTML. */
#ifndef ONRECORD_BASE_XML_H
#define ONRECORD_BASE_XML_H

#include "base/buf.h"

/* Append UTF-8 as character data that may stand in an element and in an attribute: < > & and quotation marks become
 * entities, line ends and tabs references (an attribute would lose them), and what XML 1.0 cannot hold (other controls,
 * U+FFFE, U+FFFF) becomes U+FFFD. */
void buf_xml(Buf *out, const char *text, size_t len);

#endif
