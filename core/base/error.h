/* Errors, named by what the caller must do about them.
 *
 * Every fallible function has the shape  bool thing_verb(in…, T **ret, GError **error);
 * *ret is written only when it returns true. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define WICKET_ERROR (wicket_error_quark())

typedef enum {
    ERROR_TRANSIENT, /* a fault of ours or of the machine: keep the mail, try again */
    ERROR_REJECTED,  /* a deliberate no: what was asked for is not possible; says why */
    ERROR_CONFIG,    /* the configuration or the set-up must be mended by the admin */
    ERROR_CORRUPT,   /* stored data or input is not what it must be */
} WicketError;

GQuark wicket_error_quark(void);

/* Appends the text of errno value `saved` after `what`, as ERROR_TRANSIENT. Returns false. */
bool error_errno(GError **error, int saved, const char *format, ...) G_GNUC_PRINTF(3, 4);
