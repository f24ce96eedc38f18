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
cut_whole(Stream *stream, RawRecord *raw, Error *err)
{
    if (stream->records)
        return INPUT_END;
    stream->records = 1;
    if (!stream_rest(stream, &raw->bytes, stream->most, err))
        return INPUT_FAULT;
    if (raw->bytes.len > stream->most) {
        stream_too_long(err, stream->path, 0, "the article", stream->most);
        return INPUT_FAULT;
    }
    raw->number = 1;
    return INPUT_RECORD;
}

static InputResult
text_cut(Stream *stream, RawRecord *raw, Error *err)
{
    return cut_whole(stream, raw, err);
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
