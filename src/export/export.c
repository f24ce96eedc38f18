#include "export/export_p.h"

#include <string.h>

ExportFormat
export_format(const char *name)
{
    static const char *const NAMES[EXPORT_FORMATS] = {"csv", "graphml", "gexf", "dot", "jsonl"};
    int format = 0;

    while (format < EXPORT_FORMATS && strcmp(name, NAMES[format]) != 0)
        format++;
    return (ExportFormat)format;
}

/* Up to three decimals: what has a fraction here is a confidence. */
static void
put_real(Buf *out, double value)
{
    uint64_t thousandths;

    if (!(value > -1e12 && value < 1e12)) /* no number, or none that anybody counted */
        value = 0;
    if (value < 0)
        buf_char(out, '-');
    thousandths = (uint64_t)((value < 0 ? -value : value) * 1000 + 0.5);
    buf_number(out, thousandths / 1000);
    buf_printf(out, ".%03u", (unsigned)(thousandths % 1000));
    while (out->bytes[out->len - 1] == '0' && out->bytes[out->len - 2] != '.')
        out->bytes[--out->len] = '\0';
}

void
put_plain(Buf *out, ColumnType type, const StoreValue *value)
{
    if (type == COLUMN_BOOLEAN)
        buf_str(out, value->integer ? "true" : "false");
    else if (type == COLUMN_REAL)
        put_real(out, value->real);
    else
        buf_printf(out, "%lld", (long long)value->integer);
}

/* ---- one graph */

typedef struct {
    const GraphWriter *writer;
    StoreTableSpec nodes, edges;
    Output output;
    Buf piece;
    uint64_t edge_count;
} GraphExport;

static bool
flush(GraphExport *g, Error *err)
{
    bool ok = output_write(&g->output, g->piece.bytes, g->piece.len, err);

    buf_clear(&g->piece);
    return ok;
}

static bool
take_node(const StoreValue *values, void *context, Error *err)
{
    GraphExport *g = context;

    g->writer->node(&g->piece, &g->nodes, values);
    return flush(g, err);
}

static bool
take_edge(const StoreValue *values, void *context, Error *err)
{
    GraphExport *g = context;

    if (values[EDGE_SOURCE].null || values[EDGE_TARGET].null)
        return true;
    g->writer->edge(&g->piece, &g->edges, values, ++g->edge_count);
    return flush(g, err);
}

static bool
write_graph(GraphExport *g, Store *store, bool entities, Error *err)
{
    g->writer->begin(&g->piece, &g->nodes, &g->edges);
    if (!store_rows(store, entities ? TABLE_ENTITY_NODES : TABLE_NODES, take_node, g, err))
        return false;
    if (g->writer->middle)
        g->writer->middle(&g->piece);
    if (!store_rows(store, entities ? TABLE_ENTITY_EDGES : TABLE_EDGES, take_edge, g, err))
        return false;
    g->writer->end(&g->piece);
    return flush(g, err);
}

static bool
export_graph(Store *store, const GraphWriter *writer, const char *path, const ExportOptions *options, Error *err)
{
    GraphExport g = {.writer = writer};
    bool ok;

    if (!output_open(&g.output, path, err))
        return false;
    store_table(TABLE_NODES, &g.nodes);
    store_table(TABLE_EDGES, &g.edges);
    ok = write_graph(&g, store, options->entities, err);
    ok = output_close(&g.output, ok, err) && ok;
    buf_close(&g.piece);
    return ok;
}

/* ---- the graphs of the articles */

typedef struct {
    Store *store;
    const ExportOptions *options;
    Output output;
    Buf line;
} LinesExport;

static bool
take_article(int64_t article, void *context, Error *err)
{
    LinesExport *l = context;

    buf_clear(&l->line);
    if (!store_graph(l->store, article, l->options->no_text, &l->line, err))
        return false;
    buf_char(&l->line, '\n');
    return output_write(&l->output, l->line.bytes, l->line.len, err);
}

static bool
export_lines(Store *store, const char *path, const ExportOptions *options, Error *err)
{
    LinesExport l = {.store = store, .options = options};
    bool ok;

    if (!output_open(&l.output, path, err))
        return false;
    ok = store_articles(store, take_article, &l, err);
    ok = output_close(&l.output, ok, err) && ok;
    buf_close(&l.line);
    return ok;
}

bool
export_run(Store *store, ExportFormat format, const char *path, const ExportOptions *options, Error *err)
{
    static const GraphWriter *const WRITERS[EXPORT_FORMATS] = {
        [EXPORT_GRAPHML] = &graphml_writer, [EXPORT_GEXF] = &gexf_writer, [EXPORT_DOT] = &dot_writer};

    if (format == EXPORT_CSV)
        return csv_write(store, path, options, err);
    if (format == EXPORT_JSONL)
        return export_lines(store, path, options, err);
    return export_graph(store, WRITERS[format], path, options, err);
}
