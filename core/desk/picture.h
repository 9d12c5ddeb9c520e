/* Small pictures as data: addresses, for a document that must need nothing else. */
#pragma once

#include "schema/attachments.h"

#define PICTURE_BYTES (200 * 1000)

/* May it be one? Small enough, and said to be PNG, JPEG or GIF. */
bool picture_is_small(const Attachment *attachment);
/* "data:image/png;base64,…", NULL if its bytes are none of the three, whatever its sender says,
 * or damaged. */
bool picture_address(Store *store, gint64 raw, const Attachment *attachment, char **ret,
                     GError **error);
