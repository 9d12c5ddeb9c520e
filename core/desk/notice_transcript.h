/* The transcript that a mail carries. Private to core/desk; used by notice.c only. */
#pragma once

#include "core/desk/notice.h"
#include "core/desk/notice_facts.h"

/* What the reader may see, or everything for an archive. Leaves notice->transcript NULL when it
 * is too long to travel. */
bool notice_transcript_load(Desk *desk, const NoticeFacts *facts, Notice *notice,
                            GError **error);
