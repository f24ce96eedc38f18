#include "base/xml.h"

/* What a byte becomes, or NULL where it stands for itself. */
static const char *
entity(unsigned char byte)
{
    switch (byte) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t': return "&#9;";
    case '\n': return "&#10;";
    case '\r': return "&#13;";
    default: return byte < 0x20 || byte == 0x7f ? "\xef\xbf\xbd" : NULL;
    }
}

void
buf_xml(Buf *out, const char *text, size_t len)
{
    size_t from = 0;

    for (size_t at = 0; at < len; at++) {
        const char *instead = entity((unsigned char)text[at]);
        size_t size = 1;
        if (instead == NULL && (unsigned char)text[at] == 0xef && len - at >= 3 && text[at + 1] == '\xbf' &&
            (text[at + 2] == '\xbe' || text[at + 2] == '\xbf')) {
            instead = "\xef\xbf\xbd";
            size = 3;
        }
        if (instead == NULL)
            continue;
        buf_add(out, text + from, at - from);
        buf_str(out, instead);
        at += size - 1;
        from = at + 1;
    }
    buf_add(out, text + from, len - from);
}
