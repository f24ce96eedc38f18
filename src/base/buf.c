#include "base/buf.h"

#include "base/mem.h"

#include <endian.h>
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

/* Four digits, with zeros before them; the first is the lowest byte. */
static inline uint32_t
four_digits(uint32_t number)
{
    uint16_t high, low;

    memcpy(&high, PAIRS + number / 100 * 2, 2);
    memcpy(&low, PAIRS + number % 100 * 2, 2);
    return le16toh(high) | (uint32_t)le16toh(low) << 16;
}

/* Most are offsets and numbers of nodes, below 10,000: those are written without a loop. */
char *
number_write(char *to, uint64_t number)
{
    uint32_t low = (uint32_t)(number % 10000), zeros = 0, word;

    if (number >= 10000)
        to = number_write(to, number / 10000);
    else
        zeros = (low < 10) + (low < 100) + (low < 1000);
    word = htole32(four_digits(low) >> 8 * zeros);
    memcpy(to, &word, 4);
    return to + 4 - zeros;
}

void
buf_number(Buf *buf, uint64_t number)
{
    buf_take(buf, number_write(buf_give(buf, NUMBER_MOST), number));
}
