#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
buf_close(Buf *buf)
{
    free(buf->bytes);
    *buf = (Buf){0};
}

void
buf_room(Buf *buf, size_t more)
{
    size_t want = buf->len + more + 1;

    if (want > buf->room) {
        size_t room = buf->room ? buf->room * 2 : 256;
        if (room < want)
            room = want;
        buf->bytes = mem_grow(buf->bytes, room);
        buf->room = room;
    }
}

void
buf_printf(Buf *buf, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        return;
    buf_room(buf, (size_t)len);
    va_start(args, format);
    vsnprintf(buf->bytes + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

static const char PAIRS[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
                            "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
                            "99";

static uint32_t
count_digits(uint64_t number)
{
    uint32_t digits = 1;

    for (; number >= 10000; number /= 10000)
        digits += 4;
    return digits + (number >= 10) + (number >= 100) + (number >= 1000);
}

/* Two digits at a time, the last first. */
char *
number_write(char *to, uint64_t number)
{
    char *end = to + count_digits(number), *at = end;

    for (; number >= 100; number /= 100)
        memcpy(at -= 2, PAIRS + number % 100 * 2, 2);
    if (number >= 10)
        memcpy(at - 2, PAIRS + number * 2, 2);
    else
        at[-1] = (char)('0' + number);
    return end;
}

void
buf_number(Buf *buf, uint64_t number)
{
    buf_take(buf, number_write(buf_give(buf, 20), number));
}
