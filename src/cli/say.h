/* Messages, on standard error. */
#ifndef ONRECORD_CLI_SAY_H
#define ONRECORD_CLI_SAY_H

#include "base/error.h"

/* Say something, begun with "onrecord: " and cleaned of what could steer a terminal. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_error(const Error *err);

#endif
