/* Delivery reports and returned headers: any bytes; what is kept passes the wire. */
#include "core/mail/report.h"
#include "core/mail/wire.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(Mail) mail = mail_new();
    g_autoptr(Mail) copy = NULL;
    report_read_status((const char *)data, size, mail);
    report_read_original((const char *)data, size, mail);
    g_autoptr(GBytes) packed = wire_pack(mail);
    if (!wire_unpack(packed, 0, &copy, NULL))
        abort();
    return 0;
}
