/* One graph in the language of Graphviz.  Every text is a quoted string, in which a backslash would begin an escape and only a quotation
 * mark ends it; so nothing becomes HTML, and no attribute that fetches anything is written. */
#include "export/export_p.h"

#include <string.h>

static void
put_text(Buf *out, const char *text, size_t len)
{
    buf_char(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            buf_char(out, '\\');
        if (c == '\n' || c == '\r' || c == '\t')
            buf_char(out, ' ');
        else if (c < 0x20 || c == 0x7f)
            buf_str(out, "\xef\xbf\xbd");
        else
            buf_char(out, (char)c);
    }
    buf_char(out, '"');
}

static void
dot_begin(Buf *out, const StoreTableSpec *nodes, const StoreTableSpec *edges)
{
    (void)nodes;
    (void)edges;
    buf_str(out, "digraph onrecord {\nrankdir=LR;\nnode [shape=box];\n");
}

static void
put_attributes(Buf *out, const StoreTableSpec *spec, const StoreValue *values, uint32_t first)
{
    bool any = false;

    buf_str(out, " [");
    for (uint32_t i = first; i < spec->count; i++) {
        if (values[i].null)
            continue;
        buf_printf(out, "%s%s=", any ? ", " : "", spec->columns[i].name);
        if (spec->columns[i].type == COLUMN_TEXT)
            put_text(out, values[i].text, values[i].len);
        else
            put_plain(out, spec->columns[i].type, &values[i]);
        any = true;
    }
    buf_str(out, "];\n");
}

static void
dot_node(Buf *out, const StoreTableSpec *spec, const StoreValue *values)
{
    put_text(out, values[NODE_ID].text, values[NODE_ID].len);
    put_attributes(out, spec, values, NODE_KIND);
}

static void
dot_edge(Buf *out, const StoreTableSpec *spec, const StoreValue *values, uint64_t number)
{
    (void)number;
    put_text(out, values[EDGE_SOURCE].text, values[EDGE_SOURCE].len);
    buf_str(out, " -> ");
    put_text(out, values[EDGE_TARGET].text, values[EDGE_TARGET].len);
    put_attributes(out, spec, values, EDGE_KIND);
}

static void
dot_end(Buf *out)
{
    buf_str(out, "}\n");
}

const GraphWriter dot_writer = {dot_begin, dot_node, NULL, dot_edge, dot_end};
