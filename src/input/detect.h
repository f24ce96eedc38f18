/* What a file is, by its first bytes, and only where they do not say by its name. */
#ifndef ONRECORD_INPUT_DETECT_H
#define ONRECORD_INPUT_DETECT_H

#include "input/formats.h"

/* What it certainly is and no reader is for ("an image"), or NULL. */
const char *detect_unread(const char *path, const char *head, size_t len);

/* The format that reads it; never NULL. */
const Format *detect_format(const char *path, const char *head, size_t len);

#endif
