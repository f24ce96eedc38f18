#include "cli/table.h"

#include "base/mem.h"

#include <stdlib.h>

enum { GAP = 2, NARROWEST = 8 };

void
table_open(Table *t, const Terminal *terminal, const char *const *heads, uint32_t columns)
{
    *t = (Table){.terminal = *terminal, .heads = heads, .columns = columns};
}

void
table_row(Table *t, const char *const *cells)
{
    if (t->rows == t->room) {
        t->room = t->room ? 2 * t->room : 64;
        t->cells = mem_grow(t->cells, (size_t)t->room * t->columns * sizeof *t->cells);
    }
    for (uint32_t i = 0; i < t->columns; i++) {
        Buf clean = {0};
        if (cells[i])
            terminal_clean(&clean, cells[i], strlen(cells[i]));
        t->cells[t->rows * t->columns + i] = clean.bytes ? clean.bytes : mem_copy("", 0);
    }
    t->rows++;
}

static const char *
cell(const Table *t, uint32_t row, uint32_t column)
{
    return row == 0 ? t->heads[column] : t->cells[(row - 1) * t->columns + column];
}

/* Each column as wide as its widest cell; while that is too much, the widest gives way. */
static void
measure(const Table *t, uint32_t widths[TABLE_COLUMNS])
{
    uint32_t sum = 0;

    for (uint32_t c = 0; c < t->columns; c++) {
        widths[c] = 0;
        for (uint32_t r = 0; r <= t->rows; r++) {
            uint32_t width = terminal_width(cell(t, r, c), strlen(cell(t, r, c)));
            widths[c] = width > widths[c] ? width : widths[c];
        }
        widths[c] = widths[c] > t->terminal.width ? t->terminal.width : widths[c];
        sum += widths[c] + GAP;
    }
    while (sum > t->terminal.width + GAP) {
        uint32_t widest = 0;
        for (uint32_t c = 1; c < t->columns; c++)
            widest = widths[c] > widths[widest] ? c : widest;
        if (widths[widest] <= NARROWEST)
            break;
        widths[widest]--;
        sum--;
    }
}

static void
show_row(const Table *t, uint32_t row, const uint32_t *widths, Buf *out)
{
    for (uint32_t c = 0; c < t->columns; c++) {
        const char *text = cell(t, row, c);
        bool last = c + 1 == t->columns;
        if (t->terminal.width == 0) {
            buf_str(out, text);
            buf_char(out, last ? '\n' : '\t');
            continue;
        }
        terminal_cell(out, text, strlen(text), widths[c], !last);
        buf_str(out, last ? "\n" : "  ");
    }
}

void
table_show(Table *t, Buf *out)
{
    uint32_t widths[TABLE_COLUMNS];

    if (t->terminal.width)
        measure(t, widths);
    for (uint32_t r = 0; r <= t->rows; r++) {
        if (r == 0)
            terminal_style(out, &t->terminal, STYLE_BOLD);
        show_row(t, r, widths, out);
        if (r == 0)
            terminal_style(out, &t->terminal, STYLE_NONE);
    }
    for (uint32_t i = 0; i < t->rows * t->columns; i++)
        free(t->cells[i]);
    free(t->cells);
    *t = (Table){0};
}
