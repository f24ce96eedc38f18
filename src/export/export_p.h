/* What the files of this room share. */
#ifndef ONRECORD_EXPORT_EXPORT_P_H
#define ONRECORD_EXPORT_EXPORT_P_H

#include "export/export.h"

#include "batch/output.h"
#include "store/tables.h"

bool csv_write(Store *store, const char *folder, const ExportOptions *options, Error *err);

/* A format for a graph: what stands before, between and behind nodes and edges. */
typedef struct {
    void (*begin)(Buf *out, const StoreTableSpec *nodes, const StoreTableSpec *edges);
    void (*node)(Buf *out, const StoreTableSpec *spec, const StoreValue *values);
    void (*middle)(Buf *out); /* may be NULL */
    void (*edge)(Buf *out, const StoreTableSpec *spec, const StoreValue *values, uint64_t number);
    void (*end)(Buf *out);
} GraphWriter;

extern const GraphWriter graphml_writer, gexf_writer, dot_writer;

/* The columns that come first in TABLE_NODES and TABLE_EDGES. */
enum { NODE_ID, NODE_KIND, NODE_LABEL, NODE_REST };
enum { EDGE_SOURCE, EDGE_TARGET, EDGE_KIND, EDGE_REST };

/* A value that is no text, as all of these formats write it. */
void put_plain(Buf *out, ColumnType type, const StoreValue *value);

#endif
