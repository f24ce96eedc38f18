/* A quote as people read it. */
#include "store/store.h"

#include "text/utf8.h"

/* Do words of the article stand there: the cue, and what else the reader should know was left out? */
static bool
leaves_out(const char *gap, size_t len)
{
    uint32_t size;

    for (size_t at = 0; at < len; at += size) {
        CharClass class = char_class(utf8_next(gap + at, &size));
        if (class == CHAR_LOWER || class == CHAR_UPPER || class == CHAR_LETTER || class == CHAR_DIGIT)
            return true;
    }
    return false;
}

void
shown_end(Buf *out)
{
    if (out->len && out->bytes[out->len - 1] == ',')
        out->bytes[--out->len] = '\0';
    buf_str(out, "");
}

void
shown_piece(Buf *out, const char *piece, size_t len, const char *gap, size_t gap_len)
{
    size_t bad = gap_len;

    if (!utf8_check(gap, gap_len, &bad)) /* the file may come from anywhere */
        gap_len = bad;
    if (out->len && leaves_out(gap, gap_len)) {
        shown_end(out);
        buf_str(out, " \u2026 ");
    } else if (out->len) {
        buf_char(out, ' ');
    }
    buf_add(out, piece, len);
}
