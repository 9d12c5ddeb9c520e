/* A request becomes an answer. */
#pragma once

#include "core/base/config.h"
#include "webview/answers.h"

typedef struct {
    const Config *config;
    const Answers *answers;
    gint failing; /* atomic: the database could not be read last time; told once */
} Site;

/* libmicrohttpd's access handler; `site` is a Site. */
enum MHD_Result handle_request(void *site, struct MHD_Connection *connection, const char *path,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_size, void **state);
