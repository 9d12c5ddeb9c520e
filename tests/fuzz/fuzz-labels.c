/* Charset names of any bytes: few, short, each once, and none that only the borders of pieces
 * make or hide: with a page of text in front the same ones are found. */
#include "core/mail/labels.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void find(gsize shift, const guint8 *data, gsize size, Labels *ret)
{
    g_autofree guint8 *text = g_malloc(shift + size + 1);
    memset(text, '\n', shift);
    memcpy(text + shift, data, size);
    int fd = memfd_create("mail", MFD_CLOEXEC);
    if (fd < 0 || write(fd, text, shift + size) != (ssize_t)(shift + size))
        abort();
    labels_find(fd, shift + size, ret);
    close(fd);
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    if (size > 4096)
        return 0;
    g_auto(Labels) plain, later;
    find(0, data, size, &plain);
    find(64 * 1024 - size / 2, data, size, &later);
    const GPtrArray *labels = plain.names, *shifted = later.names;
    if (labels->len > LABELS_MAX || labels->len != shifted->len)
        abort();
    if (labels->len < LABELS_MAX &&
        (plain.foreign != later.foreign || plain.sealed != later.sealed))
        abort();
    for (guint i = 0; i < labels->len; i++) {
        const char *label = labels->pdata[i];
        if (strlen(label) < 2 || strlen(label) > 31 || strcmp(label, shifted->pdata[i]) != 0)
            abort();
        for (guint k = 0; k < i; k++)
            if (strcmp(label, labels->pdata[k]) == 0)
                abort();
    }
    return 0;
}
