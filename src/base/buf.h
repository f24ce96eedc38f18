/* A growable byte buffer on the heap; what the writers write into. `bytes` is always followed by a NUL. */
#ifndef ONRECORD_BASE_BUF_H
#define ONRECORD_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    char *bytes;
    size_t len, room;
} Buf;

void buf_close(Buf *buf);

/* Make room for `more` bytes beyond the length. */
void buf_room(Buf *buf, size_t more);

void buf_printf(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A decimal number, without printf's cost. */
void buf_number(Buf *buf, uint64_t number);

static inline void
buf_clear(Buf *buf)
{
    buf->len = 0;
    if (buf->bytes)
        buf->bytes[0] = '\0';
}

static inline void
buf_add(Buf *buf, const char *bytes, size_t len)
{
    if (buf->room - buf->len <= len)
        buf_room(buf, len);
    if (len)
        memcpy(buf->bytes + buf->len, bytes, len);
    buf->len += len;
    buf->bytes[buf->len] = '\0';
}

/* Room for `more` bytes, to be written from the pointer on; then say with buf_take up to where they are. */
static inline char *
buf_give(Buf *buf, size_t more)
{
    if (buf->room - buf->len <= more)
        buf_room(buf, more);
    return buf->bytes + buf->len;
}

static inline void
buf_take(Buf *buf, char *end)
{
    buf->len = (size_t)(end - buf->bytes);
    *end = '\0';
}

/* Write a number in digits, with room for NUMBER_MOST; returns the end. */
enum { NUMBER_MOST = 20 };
char *number_write(char *to, uint64_t number);

static inline void
buf_str(Buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

static inline void
buf_char(Buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

#endif
