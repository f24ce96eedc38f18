/* The files that pages ask for, linked into the program. */
#ifndef ONRECORD_WEB_ASSETS_H
#define ONRECORD_WEB_ASSETS_H

typedef struct {
    const char *path, *type;
    const char *bytes, *end;
} Asset;

/* Ends with a NULL path. */
extern const Asset ASSETS[];

extern const char web_style[], web_style_end[];

#endif
