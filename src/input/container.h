/* Archives and compressed files, opened as they stand by libarchive: a container reads from one stream and gives its entries as others.
 * Nothing is written to disk, and nothing is kept but the block at hand. */
#ifndef ONRECORD_INPUT_CONTAINER_H
#define ONRECORD_INPUT_CONTAINER_H

#include "input/stream.h"

typedef struct Container Container;

/* Does a stream that begins like this hold a container? */
bool container_detect(const char *head, size_t len);

/* Open what stands in the stream, which stays the caller's.  NULL on a fault, with *err. */
Container *container_open(Stream *stream, Error *err);
void container_close(Container *container);

/* The next entry that is a file: true, its name (NULL if the container is nothing but one compressed file) and where its bytes come
 * from, good until the next call.  False at the end, or on a fault with *err. */
bool container_next(Container *container, const char **name, Source *source, Error *err);

/* After a fault of container_next: can the next entry be asked for all the same? */
bool container_goes_on(const Container *container);

#endif
