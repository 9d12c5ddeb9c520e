/* The scan on any bytes: the same mail has the same content hash with LF and with CRLF, no cap
 * is exceeded without words, and the outline is sound enough for the wire. */
#include "core/mail/scan.h"
#include "core/mail/wire.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static const ScanCaps caps = {
    .header_bytes = 4096, .header_fields = 50, .address_bytes = 512, .parts = 20, .depth = 5};

static Scan *scan_bytes(const void *data, gsize size)
{
    Scan *scan = NULL;
    int fd = memfd_create("mail", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
        !scan_mail(fd, size, &caps, &scan, NULL))
        abort();
    close(fd);
    return scan;
}

/* The same mail with CRLF; the sender's own CR before LF stay. */
static GByteArray *with_crlf(const guint8 *data, gsize size)
{
    GByteArray *out = g_byte_array_new();
    for (gsize i = 0; i < size; i++) {
        if (data[i] == '\n')
            g_byte_array_append(out, (const guint8 *)"\r", 1);
        g_byte_array_append(out, data + i, 1);
    }
    return out;
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(Scan) scan = scan_bytes(data, size);
    g_autoptr(GByteArray) crlf = with_crlf(data, size);
    g_autoptr(Scan) other = scan_bytes(crlf->data, crlf->len);
    if (memcmp(scan->content_hash, other->content_hash, 32) != 0)
        abort();
    if ((scan->over && !*scan->over) || scan->smtp_size > 3 * size + 3)
        abort();

    g_autoptr(Mail) copy = NULL;
    g_autoptr(GBytes) packed = wire_pack(scan->outline);
    if (!wire_unpack(packed, size, &copy, NULL))
        abort();
    return 0;
}
