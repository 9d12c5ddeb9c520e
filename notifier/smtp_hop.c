/* What the configuration says of the SMTP server, in libcurl's terms.
 *
 * libcurl is kept from doing more than it was asked for: no proxy, no .netrc, no other
 * protocol, whatever the environment says. */
#include "notifier/smtp_hop.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD_MAX 1024

struct SmtpHop {
    char *url;
    char *user;     /* NULL: no AUTH */
    char *password; /* NULL: no AUTH */
    char *ca_file;  /* NULL: the system's certificates */
    long use_ssl;   /* CURLUSESSL_… : what STARTTLS is to libcurl */
    bool verify;    /* the certificate must be the host's */
};

/* The first line of a file that nobody but its owner can read. */
static bool read_password(const Config *config, char **ret, GError **error)
{
    const char *path = config->mail.password_file;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s: [mail] password_file: %s: %s",
                    config->file, path, g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (!S_ISREG(st.st_mode) || (st.st_mode & 0077)) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "%s: [mail] password_file: %s must be a plain file that only its owner can "
                    "read (mode 0600)",
                    config->file, path);
        close(fd);
        return false;
    }
    char buffer[PASSWORD_MAX + 1];
    ssize_t n = read(fd, buffer, PASSWORD_MAX);
    close(fd);
    buffer[MAX(n, 0)] = '\0';
    buffer[strcspn(buffer, "\r\n")] = '\0';
    bool ok = *buffer != '\0';
    if (ok)
        *ret = g_strdup(buffer);
    else
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "%s: [mail] password_file: %s holds no password", config->file, path);
    explicit_bzero(buffer, sizeof buffer);
    return ok;
}

static bool check_ca_file(const Config *config, GError **error)
{
    if (!config->mail.ca_file || access(config->mail.ca_file, R_OK) == 0)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s: [mail] ca_file: %s: %s", config->file,
                config->mail.ca_file, g_strerror(errno));
    return false;
}

/* The path of an smtp: URL is the name we give in EHLO. */
static char *make_url(const Config *config)
{
    bool literal = strchr(config->mail.host, ':') && config->mail.host[0] != '[';
    g_autofree char *name = g_uri_escape_string(config->site.domain, NULL, FALSE);
    return g_strdup_printf(
        "%s://%s%s%s:%d/%s", config->mail.transport == TRANSPORT_SMTPS ? "smtps" : "smtp",
        literal ? "[" : "", config->mail.host, literal ? "]" : "", config->mail.port, name);
}

static long starttls_of(TlsPolicy tls)
{
    switch (tls) {
    case TLS_REQUIRE:
        return CURLUSESSL_ALL;
    case TLS_TRY:
        return CURLUSESSL_TRY;
    case TLS_NONE:
        break;
    }
    return CURLUSESSL_NONE;
}

bool smtp_hop_new(const Config *config, SmtpHop **ret, GError **error)
{
    g_autofree char *password = NULL;
    if (config->mail.password_file && !read_password(config, &password, error))
        return false;
    if (!check_ca_file(config, error))
        return false;
    SmtpHop *hop = g_new0(SmtpHop, 1);
    hop->url = make_url(config);
    hop->user = g_strdup(config->mail.user);
    hop->password = g_steal_pointer(&password);
    hop->ca_file = g_strdup(config->mail.ca_file);
    hop->use_ssl = starttls_of(config->mail.tls);
    hop->verify = config->mail.tls == TLS_REQUIRE ||
                  (config->mail.transport == TRANSPORT_SMTPS && config->mail.tls != TLS_TRY);
    *ret = hop;
    return true;
}

void smtp_hop_free(SmtpHop *hop)
{
    if (!hop)
        return;
    if (hop->password)
        explicit_bzero(hop->password, strlen(hop->password));
    g_free(hop->password);
    g_free(hop->user);
    g_free(hop->ca_file);
    g_free(hop->url);
    g_free(hop);
}

void smtp_hop_apply(const SmtpHop *hop, CURL *curl)
{
    curl_easy_setopt(curl, CURLOPT_URL, hop->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, hop->use_ssl);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, hop->verify ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, hop->verify ? 2L : 0L);
    if (hop->verify)
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (hop->ca_file) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, hop->ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (hop->user && hop->password) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, hop->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, hop->password);
    }
}
