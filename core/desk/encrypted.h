/* A message whose words are in a file that only its addressee can open. */
#pragma once

#include "schema/messages.h"

/* It shows no text, and holds an encrypted body (RFC 3156 section 4, RFC 8551 section 3.3). */
bool message_is_encrypted(const Message *message);
