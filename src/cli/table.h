/* Rows of cells: aligned on a terminal, with tabs between in a pipe.  Every cell is cleaned. */
#ifndef ONRECORD_CLI_TABLE_H
#define ONRECORD_CLI_TABLE_H

#include "cli/terminal.h"

enum { TABLE_COLUMNS = 12 };

typedef struct {
    Terminal terminal;
    const char *const *heads; /* names of the columns */
    uint32_t columns;
    char **cells; /* columns × rows, owned */
    uint32_t rows, room;
} Table;

void table_open(Table *table, const Terminal *terminal, const char *const *heads, uint32_t columns);

/* Add a row of as many cells as there are columns; NULL is empty. */
void table_row(Table *table, const char *const *cells);

/* Show it with a head, and close it. */
void table_show(Table *table, Buf *out);

#endif
