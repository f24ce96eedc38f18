/* Plain text: a file is an article.  The text is passed on as it is; only the mark of the encoding is taken off, and what is not UTF-8
 * is turned into it. */
#include "input/formats.h"

#include "input/charset.h"

static bool
text_detect(const char *head, size_t len)
{
    (void)head;
    (void)len;
    return true; /* the last that is asked */
}

InputResult
cut_whole(Stream *stream, RawRecord *raw, size_t most, Error *err)
{
    if (stream->records)
        return INPUT_END;
    stream->records = 1;
    if (!stream_rest(stream, &raw->bytes, most, err))
        return INPUT_FAULT;
    if (raw->bytes.len > most) {
        error_set(err, ERROR_INPUT, stream->path, 0, 0, NULL, 0,
                  "the text is longer than %zu bytes; cut it up, or name its format with --format", most);
        return INPUT_FAULT;
    }
    raw->number = 1;
    return INPUT_RECORD;
}

static InputResult
text_cut(Stream *stream, RawRecord *raw, Error *err)
{
    return cut_whole(stream, raw, TEXT_MAX, err);
}

void
text_record(RawRecord *raw, const Reading *reading, Record *record)
{
    const char *declared = raw->charset.len ? raw->charset.bytes : NULL;
    Decoded text = charset_decode(reading->arena, raw->bytes.len ? raw->bytes.bytes : "", raw->bytes.len, declared, reading->options->strict);

    record->text = text.text;
    record->len = text.len;
}

static bool
text_read(RawRecord *raw, const Reading *reading, Record *record, Error *err)
{
    (void)err;
    record->id = raw->path;
    text_record(raw, reading, record);
    return true;
}

const Format FORMAT_TEXT = {"text", " .txt .text .md ", text_detect, text_cut, text_read};
