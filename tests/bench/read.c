/* read LIST ROUNDS: how fast mails are read in one process, next to a peer that does the least
 * one can do with the same library: parse the mail, decode its first text.
 *
 * LIST names a mail a line. A round reads them all twice, once each way; each round prints
 *   OURS PEER MEGABYTES
 * with mails a second of both, and what the mails weigh. Files are opened anew each time, by
 * both, and stay in the system's cache. */
#include "core/mail/parse.h"

#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void read_ours(int fd, guint64 size)
{
    mail_free(parse_mail(fd, size, NULL));
}

static void decode(GMimeObject *parent, GMimeObject *part, gpointer user)
{
    char **text = user;
    if (!*text && GMIME_IS_TEXT_PART(part))
        *text = g_mime_text_part_get_text((GMimeTextPart *)part);
}

static void read_peer(int fd, guint64 size)
{
    char *text = NULL;
    GMimeStream *stream = g_mime_stream_fs_new(dup(fd));
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message)
        g_mime_message_foreach(message, decode, &text);
    g_free(text);
    g_clear_object(&message);
    g_object_unref(parser);
    g_object_unref(stream);
}

/* Mails a second. */
static double run(char **files, guint n, void (*read_one)(int fd, guint64 size),
                  guint64 *ret_bytes)
{
    gint64 start = g_get_monotonic_time();
    *ret_bytes = 0;
    for (guint i = 0; i < n; i++) {
        struct stat status;
        int fd = open(files[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &status) != 0) {
            perror(files[i]);
            exit(1);
        }
        read_one(fd, (guint64)status.st_size);
        *ret_bytes += (guint64)status.st_size;
        close(fd);
    }
    return n * (double)G_USEC_PER_SEC / (double)(g_get_monotonic_time() - start);
}

int main(int argc, char **argv)
{
    g_autofree char *list = NULL;
    guint64 bytes;
    if (argc != 3 || !g_file_get_contents(argv[1], &list, NULL, NULL)) {
        fprintf(stderr, "usage: read LIST ROUNDS\n");
        return 2;
    }
    g_auto(GStrv) files = g_strsplit(g_strchomp(list), "\n", -1);
    guint n = g_strv_length(files);
    parse_prepare();
    run(files, MIN(n, 100), read_ours, &bytes); /* to be warm */
    for (int round = atoi(argv[2]); round > 0; round--) {
        double ours = run(files, n, read_ours, &bytes);
        double peer = run(files, n, read_peer, &bytes);
        printf("%.0f %.0f %.1f\n", ours, peer, (double)bytes / 1e6);
        fflush(stdout);
    }
    return 0;
}
