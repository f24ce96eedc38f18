/* The pack: our word lists, rules and weights as one block of bytes that is linked into the program.
 *
 * It is written when the program is built (build/pack.c) and used where it lies: arrays are pointed at, never
 * copied or parsed.  It is for the machine that builds it (byte order, alignment) and never leaves the program. */
#ifndef ONRECORD_ENGINE_PACK_H
#define ONRECORD_ENGINE_PACK_H

#include "base/buf.h"
#include "engine/lexicon.h"
#include "engine/weights.h"

/* A file of rules that is carried as text. */
typedef struct {
    const char *path;
    const char *text;
    size_t len;
} PackFile;

typedef struct {
    Lexicon lexicon;
    Weights weights;
    PackFile *files; /* owned: free it */
    uint32_t file_count;
} Pack;

void pack_write(Buf *out, const Lexicon *lexicon, const Features *features, const Weights *weights,
                const PackFile *files, uint32_t file_count);

/* Point *pack into `bytes` (aligned to 16) and add the features it names.  False if it is not a pack of this version. */
bool pack_view(Pack *pack, Features *features, const unsigned char *bytes, size_t len);

#endif
