/* An archive for other tools: tables as CSV, one graph as GraphML, GEXF or DOT, the graphs of its articles as JSON Lines.  Rows go from
 * the archive to the file one by one.  README.md here has the columns, and how the tools read them. */
#ifndef ONRECORD_EXPORT_EXPORT_H
#define ONRECORD_EXPORT_EXPORT_H

#include "store/store.h"

typedef enum { EXPORT_CSV, EXPORT_GRAPHML, EXPORT_GEXF, EXPORT_DOT, EXPORT_JSONL, EXPORT_FORMATS } ExportFormat;

/* EXPORT_FORMATS if there is no such format. */
ExportFormat export_format(const char *name);

typedef struct {
    bool entities; /* graphs: only people, organizations and places; what is said becomes who speaks of whom */
    bool bom;      /* CSV: a byte order mark, by which spreadsheets know UTF-8 */
    bool no_text;  /* JSON Lines: without the articles' texts */
} ExportOptions;

/* Write all of it to `path`: for CSV a folder, which is made if it is not there; else a file, NULL: standard output. */
bool export_run(Store *store, ExportFormat format, const char *path, const ExportOptions *options, Error *err);

/* Append a text as a cell of CSV, in quotation marks, with what a spreadsheet would take for a formula disarmed. */
void csv_text(Buf *out, const char *text, size_t len);

#endif
