/* The next hop of the SMTP transport: where it is, what we call ourselves there, and how we
 * trust it and it trusts us. */
#pragma once

#include "core/base/config.h"

#include <curl/curl.h>
#include <glib.h>
#include <stdbool.h>

typedef struct SmtpHop SmtpHop;

/* From config->mail; reads the password. ERROR_CONFIG names the file and the key. */
bool smtp_hop_new(const Config *config, SmtpHop **ret, GError **error);
void smtp_hop_free(SmtpHop *hop);
/* Tells a handle, which borrows it. */
void smtp_hop_apply(const SmtpHop *hop, CURL *curl);
