/* The outline: what a mail's own header says, read with plain means.
 *
 * Enough to route a mail that cannot be parsed and to tell machines from people; runs in the
 * caller's process on hostile bytes. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>

typedef struct Outline Outline;

Outline *outline_new(void);
/* A StructureField (structure.h); `outline` is an Outline. */
void outline_field(const char *name, const char *value, void *outline);
/* Consumes `outline`; judges the kind. Never NULL. */
Mail *outline_finish(Outline *outline);
void outline_free(Outline *outline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outline, outline_free)
