/* XML as it is found: what a feed often gets wrong, and what would make a parser give up all that follows, is put right before it
 * gets there.  A bare & and <, entities of HTML (&nbsp;) without a document type that declares them, control characters, bytes of
 * Windows-1252 in what is said to be UTF-8, white space before the first mark, and -- in comments. */
#ifndef ONRECORD_INPUT_XML_MEND_H
#define ONRECORD_INPUT_XML_MEND_H

#include "input/stream.h"

typedef struct {
    const char *until;  /* what ends that which we are in: a comment, a section of CDATA …; NULL: text and tags */
    bool drop;          /* and it is left out */
    bool begun;         /* the first mark has come */
    bool own_entities;  /* the document type declares some */
} XmlMend;

/* Append some more of the stream to *out; nothing at its end, or on a fault. */
void xml_mend(XmlMend *mend, Stream *stream, Buf *out, Error *err);

#endif
