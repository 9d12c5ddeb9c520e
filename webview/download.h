/* An attachment on its way out: decoded from the raw mail while it is being sent. */
#pragma once

#include "schema/messages.h"
#include "webview/reading.h"

#include <microhttpd.h>

/* Reads the first piece at once, so that what cannot be read is known before the answer
 * begins. The response's length is the recorded size. */
bool download_new(Reading *reading, gint64 raw, const Attachment *file,
                  struct MHD_Response **ret, GError **error);
