/* Stand-ins for what GMime can do and this room never asks for, so that a program linked with
 * the static GMime starts without OpenPGP, S/MIME, GIO and IDNA and the dozen libraries they
 * bring. Started once a mail, most of its time would be spent loading them.
 *
 * Used by the link with static libraries only (Makefile); each replaces a whole member of
 * GMime's archive. What is left of GMime compares the answers as below: a context that is NULL
 * is not there, a domain that cannot be converted stays as it is written. This room reads
 * address lists itself (mailbox.c), so no such domain is ever seen.
 *
 * If another GMime needs more than these, the link fails and the shared libraries are used. */
#include <gmime/gmime.h>

enum { NOT_DONE = -1 };

GType g_mime_stream_gio_get_type(void)
{
    return G_TYPE_INVALID;
}

GType g_mime_gpg_context_get_type(void)
{
    return G_TYPE_INVALID;
}

GMimeCryptoContext *g_mime_gpg_context_new(void)
{
    return NULL;
}

GType g_mime_pkcs7_context_get_type(void)
{
    return G_TYPE_INVALID;
}

GMimeCryptoContext *g_mime_pkcs7_context_new(void)
{
    return NULL;
}

/* --- of GPGME and libidn2, as their headers declare them --------------------------------- */

const char *gpgme_check_version_internal(const char *wanted, size_t offset);
int idn2_to_ascii_8z(const char *domain, char **ret, int flags);
int idn2_to_unicode_8z8z(const char *domain, char **ret, int flags);
void idn2_free(void *converted);

const char *gpgme_check_version_internal(const char *wanted, size_t offset)
{
    return NULL;
}

int idn2_to_ascii_8z(const char *domain, char **ret, int flags)
{
    return NOT_DONE;
}

int idn2_to_unicode_8z8z(const char *domain, char **ret, int flags)
{
    return NOT_DONE;
}

void idn2_free(void *converted) {}
