/* Can the outgoing transport be reached from here? Opens, looks, sends nothing. */
#pragma once

#include "core/base/config.h"

/* NULL, or what is wrong with its cure; g_free it. */
char *reach_transport(const Config *config);
