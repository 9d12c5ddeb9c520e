/* The stylesheet as it was built in; made by embed.sh. */
#pragma once

#include <stddef.h>

extern const char style_path[]; /* "/style-3fc9….css" */
extern const unsigned char style_bytes[];
extern const size_t style_length;
