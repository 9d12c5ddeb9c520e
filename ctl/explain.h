/* Printing what is known of one mail. `outcome` NULL: no site is configured. */
#pragma once

#include "core/desk/deliver.h"
#include "core/mail/mail.h"

void explain_json(const char *file, const Mail *mail, const Outcome *outcome);
void explain_words(const char *file, const Mail *mail, const Outcome *outcome);
