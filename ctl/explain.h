/* Writing what is known of one mail. */
#pragma once

#include "core/base/config.h"
#include "core/desk/deliver.h"
#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *file;
    const Mail *mail;
    const Config *config;   /* defaults where no site is configured */
    const Outcome *outcome; /* NULL: no site is configured */
    bool all;               /* words: every line of what is not the reply */
} Explained;

/* One object and a line feed; its fields are a contract with programs. */
void explain_json(const Explained *explained, GString *out);
/* Some lines for a person. */
void explain_words(const Explained *explained, GString *out);
