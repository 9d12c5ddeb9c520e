/* HTTP answers: the headers that every one of them carries, and those that never change.
 *
 * Every function queues one answer on the connection and returns what libmicrohttpd's access
 * handler has to return. */
#pragma once

#include "core/base/config.h"

#include <microhttpd.h>

typedef struct Answers Answers;

/* One at a time in a process: libmicrohttpd's own error answers (400, 414, 431, …) are made
 * with it, too. The worker threads may share it. */
bool answers_new(const Config *config, Answers **ret, GError **error);
void answers_free(Answers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answers, answers_free)
/* Before MHD_stop_daemon: from then on the library's own answers are hung up on. While it
 * stops, libmicrohttpd 0.9.75 says yes to an answer without taking it, and then reads it. */
void answers_stop(Answers *answers);

/* Path of base_url, where the site stands behind a proxy: "" or "/support". */
const char *answers_prefix(const Answers *answers);

/* 400, 404, 405, 503 and whatever else is an error: always the same bytes. */
enum MHD_Result answer_status(const Answers *answers, struct MHD_Connection *connection,
                              unsigned int status);
enum MHD_Result answer_style(const Answers *answers, struct MHD_Connection *connection);
enum MHD_Result answer_robots(const Answers *answers, struct MHD_Connection *connection);
enum MHD_Result answer_healthy(const Answers *answers, struct MHD_Connection *connection);

/* A response of `body`, which it takes; to be given any number of times with answer_with, and
 * then dropped with MHD_destroy_response. */
struct MHD_Response *answers_make(const Answers *answers, const char *type, GString *body);
enum MHD_Result answer_with(const Answers *answers, struct MHD_Connection *connection,
                            struct MHD_Response *response);

/* 200 with a response made elsewhere (which it takes), `type` and `disposition`, shut in a
 * sandbox of its own. */
enum MHD_Result answer_download(const Answers *answers, struct MHD_Connection *connection,
                                struct MHD_Response *response, const char *type,
                                const char *disposition);
