/* Everything the notifier makes from its configuration file, as one thing, so that a reload is
 * all or nothing. */
#pragma once

#include "core/base/template-set.h"
#include "core/desk/desk.h"
#include "notifier/transport.h"

typedef struct {
    Config *config;
    Templates *templates;
    Transport *transport;
    Desk *desk; /* holds the store open */
} Setup;

/* `config_file` NULL: the usual one. Run by root, the process first becomes the owner of the
 * data directory, so that no file of root's is left there. */
bool setup_open(const char *config_file, Setup **ret, GError **error);
void setup_close(Setup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Setup, setup_close)
