/* The pipe's short way: when the server is there, the mail is handed to it. */
#pragma once

#include "core/base/config.h"
#include "mda/pipe.h"

/* Hands the mail on standard input to the server at DATA_DIR/lmtp.sock; *ret_status is the exit
 * status. False: there is no server, or an envelope that LMTP cannot carry; nothing was read
 * of the mail, so that it can be delivered without. */
bool client_deliver(const Config *config, const PipeArguments *arguments, int *ret_status);
