/* The mail server's own door: a unix socket in the data folder, open to its owner only, where
 * mailwicket-mda in its pipe form and `mailwicket status` find it. */
#pragma once

#define DOOR_NAME "lmtp.sock"
