/* Tables as CSV (RFC 4180): UTF-8, lines end with CR LF, texts stand in quotation marks.
 *
 * A spreadsheet takes a cell that begins with = + - @ for a formula, and a formula may fetch a page or start a program. So a text that
 * could be taken so gets an apostrophe before the sign: at its beginning, and also behind a tab, a semicolon or a line end, since a
 * program that splits lines at those has a cell begin there. */
#include "export/export_p.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/* The bytes of a sign that may begin a formula, 0 if it is none: full-width ones are taken by some too. */
static size_t
formula_sign(const char *text, size_t len)
{
    static const char *const WIDE[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

    if (*text == '=' || *text == '+' || *text == '-' || *text == '@')
        return 1;
    for (size_t i = 0; len >= 3 && i < sizeof WIDE / sizeof *WIDE; i++)
        if (memcmp(text, WIDE[i], 3) == 0)
            return 3;
    return 0;
}

void
csv_text(Buf *out, const char *text, size_t len)
{
    bool begins = true; /* might a cell have begun, with nothing but blanks and marks since? */

    buf_char(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (begins && formula_sign(text + i, len - i))
            buf_char(out, '\'');
        if (c == '\t' || c == '\r' || c == '\n' || c == ';')
            begins = true;
        else if (c != ' ' && c != '"' && c != '\'')
            begins = false;
        if (c == '"')
            buf_str(out, "\"\"");
        else if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            buf_str(out, "\xef\xbf\xbd");
        else
            buf_char(out, (char)c);
    }
    buf_char(out, '"');
}

typedef struct {
    StoreTableSpec spec;
    Output output;
    Buf line;
} CsvFile;

static bool
take_row(const StoreValue *values, void *context, Error *err)
{
    CsvFile *f = context;

    buf_clear(&f->line);
    for (uint32_t i = 0; i < f->spec.count; i++) {
        if (i)
            buf_char(&f->line, ',');
        if (values[i].null)
            continue;
        if (f->spec.columns[i].type == COLUMN_TEXT)
            csv_text(&f->line, values[i].text, values[i].len);
        else if (f->spec.columns[i].type == COLUMN_BOOLEAN)
            buf_char(&f->line, values[i].integer ? '1' : '0');
        else
            put_plain(&f->line, f->spec.columns[i].type, &values[i]);
    }
    buf_str(&f->line, "\r\n");
    return output_write(&f->output, f->line.bytes, f->line.len, err);
}

static bool
write_head(CsvFile *f, bool bom, Error *err)
{
    buf_str(&f->line, bom ? "\xef\xbb\xbf" : "");
    for (uint32_t i = 0; i < f->spec.count; i++)
        buf_printf(&f->line, "%s%s", i ? "," : "", f->spec.columns[i].name);
    buf_str(&f->line, "\r\n");
    return output_write(&f->output, f->line.bytes, f->line.len, err);
}

static bool
write_table(Store *store, StoreTable table, const char *folder, bool bom, Error *err)
{
    CsvFile f = {.line = {0}};
    Buf path = {0};
    bool ok;

    store_table(table, &f.spec);
    buf_printf(&path, "%s/%s.csv", folder, f.spec.name);
    ok = output_open(&f.output, path.bytes, err);
    if (ok) {
        ok = write_head(&f, bom, err) && store_rows(store, table, take_row, &f, err);
        ok = output_close(&f.output, ok, err) && ok;
    }
    buf_close(&f.line);
    buf_close(&path);
    return ok;
}

bool
csv_write(Store *store, const char *folder, const ExportOptions *options, Error *err)
{
    struct stat st;

    if (mkdir(folder, 0777) != 0 && (errno != EEXIST || stat(folder, &st) != 0 || !S_ISDIR(st.st_mode)))
        return error_set(err, ERROR_IO, folder, 0, 0, NULL, 0, "it can be no folder: %s", strerror(errno == EEXIST ? ENOTDIR : errno));
    for (int table = 0; table < TABLE_FILES; table++)
        if (!write_table(store, (StoreTable)table, folder, options->bom, err))
            return false;
    return true;
}
