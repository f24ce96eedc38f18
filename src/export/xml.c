/* One graph as GraphML, and as GEXF 1.2, which Gephi, NetworkX, igraph, Cytoscape and yEd read. */
#include "export/export_p.h"

#include "base/xml.h"

#include <string.h>

static void
put_value(Buf *out, ColumnType type, const StoreValue *value)
{
    if (type == COLUMN_TEXT)
        buf_xml(out, value->text, value->len);
    else
        put_plain(out, type, value);
}

static void
put_attribute(Buf *out, const char *name, const StoreValue *value)
{
    buf_printf(out, " %s=\"", name);
    buf_xml(out, value->text, value->len);
    buf_char(out, '"');
}

/* ---- GraphML */

static void
put_keys(Buf *out, const char *of, const StoreTableSpec *spec, uint32_t first)
{
    static const char *const TYPES[] = {[COLUMN_TEXT] = "string", [COLUMN_INTEGER] = "long", [COLUMN_REAL] = "double", [COLUMN_BOOLEAN] = "boolean"};

    for (uint32_t i = first; i < spec->count; i++)
        buf_printf(out, "<key id=\"%c%u\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n", *of, i, of, spec->columns[i].name,
                   TYPES[spec->columns[i].type]);
}

static void
graphml_begin(Buf *out, const StoreTableSpec *nodes, const StoreTableSpec *edges)
{
    buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
                 "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns "
                 "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n");
    put_keys(out, "node", nodes, NODE_KIND);
    put_keys(out, "edge", edges, EDGE_KIND);
    buf_str(out, "<graph id=\"onrecord\" edgedefault=\"directed\">\n");
}

static void
put_data(Buf *out, char of, const StoreTableSpec *spec, const StoreValue *values, uint32_t first)
{
    for (uint32_t i = first; i < spec->count; i++) {
        if (values[i].null)
            continue;
        buf_printf(out, "<data key=\"%c%u\">", of, i);
        put_value(out, spec->columns[i].type, &values[i]);
        buf_str(out, "</data>");
    }
}

static void
graphml_node(Buf *out, const StoreTableSpec *spec, const StoreValue *values)
{
    buf_str(out, "<node");
    put_attribute(out, "id", &values[NODE_ID]);
    buf_char(out, '>');
    put_data(out, 'n', spec, values, NODE_KIND);
    buf_str(out, "</node>\n");
}

static void
graphml_edge(Buf *out, const StoreTableSpec *spec, const StoreValue *values, uint64_t number)
{
    buf_printf(out, "<edge id=\"l%llu\"", (unsigned long long)number);
    put_attribute(out, "source", &values[EDGE_SOURCE]);
    put_attribute(out, "target", &values[EDGE_TARGET]);
    buf_char(out, '>');
    put_data(out, 'e', spec, values, EDGE_KIND);
    buf_str(out, "</edge>\n");
}

static void
graphml_end(Buf *out)
{
    buf_str(out, "</graph>\n</graphml>\n");
}

const GraphWriter graphml_writer = {graphml_begin, graphml_node, NULL, graphml_edge, graphml_end};

/* ---- GEXF: label and weight are attributes of its own */

static bool
is_own(const StoreColumn *column)
{
    return strcmp(column->name, "label") == 0 || strcmp(column->name, "weight") == 0;
}

static void
put_attributes(Buf *out, const char *class, const StoreTableSpec *spec, uint32_t first)
{
    static const char *const TYPES[] = {[COLUMN_TEXT] = "string", [COLUMN_INTEGER] = "long", [COLUMN_REAL] = "double", [COLUMN_BOOLEAN] = "boolean"};

    buf_printf(out, "<attributes class=\"%s\" mode=\"static\">\n", class);
    for (uint32_t i = first; i < spec->count; i++)
        if (!is_own(&spec->columns[i]))
            buf_printf(out, "<attribute id=\"%u\" title=\"%s\" type=\"%s\"/>\n", i, spec->columns[i].name, TYPES[spec->columns[i].type]);
    buf_str(out, "</attributes>\n");
}

static void
gexf_begin(Buf *out, const StoreTableSpec *nodes, const StoreTableSpec *edges)
{
    buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://www.gexf.net/1.2draft\" "
                 "xmlns:viz=\"http://www.gexf.net/1.2draft/viz\" version=\"1.2\">\n<meta><creator>onrecord</creator></meta>\n"
                 "<graph mode=\"static\" defaultedgetype=\"directed\">\n");
    put_attributes(out, "node", nodes, NODE_KIND);
    put_attributes(out, "edge", edges, EDGE_KIND);
    buf_str(out, "<nodes>\n");
}

static void
put_attvalues(Buf *out, const StoreTableSpec *spec, const StoreValue *values, uint32_t first)
{
    buf_str(out, "<attvalues>");
    for (uint32_t i = first; i < spec->count; i++) {
        if (values[i].null || is_own(&spec->columns[i]))
            continue;
        buf_printf(out, "<attvalue for=\"%u\" value=\"", i);
        put_value(out, spec->columns[i].type, &values[i]);
        buf_str(out, "\"/>");
    }
    buf_str(out, "</attvalues>");
}

/* The colours of the pictures that draw makes. */
static void
put_color(Buf *out, const StoreValue *kind)
{
    static const struct {
        const char *kind;
        int r, g, b;
    } COLORS[] = {{"person", 0, 103, 165}, {"organization", 230, 159, 0}, {"place", 0, 121, 90}, {"title", 204, 121, 167}, {"quote", 150, 150, 145}};

    for (size_t i = 0; i < sizeof COLORS / sizeof *COLORS; i++)
        if (kind->len == strlen(COLORS[i].kind) && memcmp(kind->text, COLORS[i].kind, kind->len) == 0)
            buf_printf(out, "<viz:color r=\"%d\" g=\"%d\" b=\"%d\"/>", COLORS[i].r, COLORS[i].g, COLORS[i].b);
}

static void
gexf_node(Buf *out, const StoreTableSpec *spec, const StoreValue *values)
{
    buf_str(out, "<node");
    put_attribute(out, "id", &values[NODE_ID]);
    put_attribute(out, "label", &values[NODE_LABEL]);
    buf_char(out, '>');
    put_attvalues(out, spec, values, NODE_KIND);
    put_color(out, &values[NODE_KIND]);
    buf_str(out, "</node>\n");
}

static void
gexf_middle(Buf *out)
{
    buf_str(out, "</nodes>\n<edges>\n");
}

static void
gexf_edge(Buf *out, const StoreTableSpec *spec, const StoreValue *values, uint64_t number)
{
    buf_printf(out, "<edge id=\"l%llu\"", (unsigned long long)number);
    put_attribute(out, "source", &values[EDGE_SOURCE]);
    put_attribute(out, "target", &values[EDGE_TARGET]);
    put_attribute(out, "label", &values[EDGE_KIND]);
    for (uint32_t i = EDGE_REST; i < spec->count; i++)
        if (strcmp(spec->columns[i].name, "weight") == 0) {
            buf_str(out, " weight=\"");
            put_plain(out, COLUMN_REAL, &values[i]);
            buf_char(out, '"');
        }
    buf_char(out, '>');
    put_attvalues(out, spec, values, EDGE_KIND);
    buf_str(out, "</edge>\n");
}

static void
gexf_end(Buf *out)
{
    buf_str(out, "</edges>\n</graph>\n</gexf>\n");
}

const GraphWriter gexf_writer = {gexf_begin, gexf_node, gexf_middle, gexf_edge, gexf_end};
