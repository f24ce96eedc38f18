#include "input/xml_mend.h"

#include "input/charset.h"
#include "text/utf8.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <utf8proc.h>

enum { LOOK = 64, NAME_MOST = 32 }; /* bytes that must lie ready to tell what begins at the first of them */

static bool
begins(const char *at, size_t left, const char *word)
{
    return left >= strlen(word) && memcmp(at, word, strlen(word)) == 0;
}

static void
add_code_point(Buf *out, unsigned cp)
{
    utf8proc_uint8_t bytes[4];

    buf_add(out, (const char *)bytes, (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, bytes));
}

/* A character beyond ASCII: UTF-8, or a byte of what was never turned into it. */
static size_t
take_character(const char *at, size_t left, Buf *out)
{
    unsigned char c = (unsigned char)*at;
    size_t len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4, bad;
    uint32_t size;

    if (len <= left && utf8_check(at, len, &bad) && IS_CHAR((int)utf8_next(at, &size))) {
        buf_add(out, at, len);
        return len;
    }
    add_code_point(out, charset_windows_1252(c) ? charset_windows_1252(c) : 0xfffd);
    return 1;
}

/* &#8220; or &#x201c;, and &#147;, which means the same. */
static void
take_number(const char *name, Buf *out)
{
    bool hex = name[1] == 'x' || name[1] == 'X';
    unsigned long cp = strtoul(name + 1 + hex, NULL, hex ? 16 : 10);

    if (cp < 0x100)
        cp = charset_windows_1252((unsigned char)cp);
    if (cp == 0 || cp > 0x10ffff || !IS_CHAR((int)cp))
        cp = 0xfffd;
    buf_printf(out, "&#%lu;", cp);
}

static size_t
take_reference(const XmlMend *m, const char *at, size_t left, Buf *out)
{
    static const char *const known[] = {"amp", "lt", "gt", "quot", "apos"};
    const htmlEntityDesc *entity;
    char name[NAME_MOST + 1];
    size_t n = 0;
    bool is_known = m->own_entities;

    while (n + 1 < left && n < NAME_MOST && (isalnum((unsigned char)at[n + 1]) || at[n + 1] == '#'))
        n++;
    if (n == 0 || n + 1 == left || at[n + 1] != ';') {
        buf_str(out, "&amp;");
        return 1;
    }
    memcpy(name, at + 1, n);
    name[n] = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        is_known = is_known || strcmp(name, known[i]) == 0;
    if (name[0] == '#')
        take_number(name, out);
    else if (is_known)
        buf_add(out, at, n + 2);
    else if ((entity = htmlEntityLookup((const xmlChar *)name)) != NULL)
        add_code_point(out, entity->value);
    else
        buf_printf(out, "&amp;%s;", name);
    return n + 2;
}

static bool
begins_tag(unsigned char c)
{
    return isalpha(c) || c >= 0x80 || c == '/' || c == '_' || c == ':';
}

/* Comments and instructions say nothing to us, and <?xml …?> must stand nowhere but at the very beginning. */
static size_t
take_mark(XmlMend *m, const char *at, size_t left, Buf *out)
{
    static const struct {
        const char *word, *until;
        bool drop;
    } marks[] = {{"<!--", "-->", true}, {"<?", "?>", true}, {"<![CDATA[", "]]>", false}, {"<!", ">", false}};

    m->begun = true;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (begins(at, left, marks[i].word)) {
            m->until = marks[i].until;
            m->drop = marks[i].drop;
            if (!m->drop)
                buf_str(out, marks[i].word);
            return strlen(marks[i].word);
        }
    buf_str(out, left > 1 && begins_tag((unsigned char)at[1]) ? "<" : "&lt;");
    return 1;
}

/* Are we behind what began with a mark?  A document type has its own declarations between [ and ]. */
static size_t
take_end(XmlMend *m, const char *at, size_t left, Buf *out)
{
    size_t len = strlen(m->until);

    if (m->until[0] == '>' && *at == '[') {
        m->until = "]";
        m->own_entities = true;
        len = 1;
    } else if (!begins(at, left, m->until)) {
        return 0;
    } else {
        m->until = m->until[0] == ']' && len == 1 ? ">" : NULL;
    }
    if (!m->drop)
        buf_add(out, at, len);
    m->drop = m->drop && m->until;
    return len;
}

/* What begins at `at`, put right; how many bytes it has. */
static size_t
take(XmlMend *m, const char *at, size_t left, Buf *out)
{
    size_t len = m->until ? take_end(m, at, left, out) : 0;
    unsigned char c = (unsigned char)*at;

    if (len)
        return len;
    if (m->until == NULL && c == '<')
        return take_mark(m, at, left, out);
    if (m->drop || !m->begun) {
        if (c == '\n') /* so that lines are counted as they are */
            buf_char(out, '\n');
        return 1;
    }
    if (m->until == NULL && c == '&')
        return take_reference(m, at, left, out);
    if (c >= 0x80)
        return take_character(at, left, out);
    buf_char(out, c < 0x20 && c != '\n' && c != '\r' && c != '\t' ? ' ' : (char)c);
    return 1;
}

/* How many bytes from here on mean nothing but themselves. */
static size_t
plain_run(const XmlMend *m, const char *at, size_t left)
{
    size_t n = 0;

    if (m->until || !m->begun)
        return 0;
    while (n < left && (unsigned char)at[n] < 0x80 && (at[n] >= ' ' || at[n] == '\n') && at[n] != '<' && at[n] != '&')
        n++;
    return n;
}

void
xml_mend(XmlMend *m, Stream *stream, Buf *out, Error *err)
{
    const char *at;
    size_t before = out->len, len, done, run;

    while (out->len == before && (len = stream_peek(stream, &at, LOOK, err)) > 0) {
        for (done = 0; done < len && (len < LOOK || len - done >= LOOK);) {
            run = plain_run(m, at + done, len - done);
            buf_add(out, at + done, run);
            done += run ? run : take(m, at + done, len - done, out);
        }
        stream_drop(stream, done);
    }
}
