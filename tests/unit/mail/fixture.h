/* Mails for tests: files of tests/mail, and bytes made on the spot, both read through a
 * descriptor as the parser does. */
#pragma once

#include "core/mail/parse.h"

#include <fcntl.h>
#include <gmime/gmime.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A descriptor whose own offset is somewhere else: the parser must not care. */
static inline int fixture_fd(const char *bytes, gsize length)
{
    int fd = memfd_create("mail", MFD_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, bytes, length), ==, (gssize)length);
    return fd;
}

static inline Mail *fixture_parse_bytes(const char *bytes, gsize length)
{
    int fd = fixture_fd(bytes, length);
    Mail *mail = parse_mail(fd, length, NULL);
    g_assert_cmpint(lseek(fd, 0, SEEK_CUR), ==, (gssize)length);
    close(fd);
    return mail;
}

static inline Mail *fixture_parse_text(const char *text)
{
    return fixture_parse_bytes(text, strlen(text));
}

/* Run from the top of the tree. */
static inline char *fixture_read(const char *name, gsize *length)
{
    g_autofree char *path = g_build_filename("tests", "mail", name, NULL);
    g_autoptr(GError) error = NULL;
    char *bytes = NULL;
    g_file_get_contents(path, &bytes, length, &error);
    g_assert_no_error(error);
    return bytes;
}

static inline Mail *fixture_parse(const char *name)
{
    gsize length;
    g_autofree char *bytes = fixture_read(name, &length);
    return fixture_parse_bytes(bytes, length);
}
