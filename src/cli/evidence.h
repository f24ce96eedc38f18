/* The evidence for a name in words: weights.tsv speaks of templates, people read sentences. */
#ifndef ONRECORD_CLI_EVIDENCE_H
#define ONRECORD_CLI_EVIDENCE_H

#include "cli/terminal.h"
#include "stages/names.h"

/* The chances of what the words could be, then what spoke for and against it, strongest first, as indented lines. */
void evidence_put(Buf *out, const Terminal *terminal, const NameWhy *why);

#endif
