#include "web/assets.h"

#include <stddef.h>

extern const char web_script[], web_script_end[], web_icon[], web_icon_end[];

const Asset ASSETS[] = {
    {"/style.css", "text/css; charset=utf-8", web_style, web_style_end},
    {"/script.js", "text/javascript; charset=utf-8", web_script, web_script_end},
    {"/icon.svg", "image/svg+xml", web_icon, web_icon_end},
    {"/favicon.ico", "image/svg+xml", web_icon, web_icon_end},
    {NULL, NULL, NULL, NULL},
};
