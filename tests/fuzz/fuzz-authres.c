/* Authentication-Results: any value; what is kept passes the wire, and nothing is proven
 * without a pass. */
#include "core/mail/authres.h"
#include "core/mail/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    char *relays[] = {(char *)"192.0.2.0/24", (char *)"2001:db8::/32", NULL};
    g_autofree char *value = g_strndup((const char *)data, size);
    g_autofree char *login = NULL;
    g_autoptr(Mail) mail = mail_new();
    g_autoptr(Mail) copy = NULL;

    authres_read(value, 0, mail->auth);
    g_ptr_array_add(mail->received_from, g_utf8_make_valid(value, -1));
    if (authres_trusted_hop(mail, relays) > 1)
        abort();
    g_ptr_array_set_size(mail->received_from, 0);
    bool proof = authres_proves_domain(mail, "mx.example", relays, "a.example", &login);
    if ((proof || login) && !strcasestr(value, "pass"))
        abort();
    g_autoptr(GBytes) packed = wire_pack(mail);
    if (!wire_unpack(packed, 0, &copy, NULL))
        abort();
    return 0;
}
