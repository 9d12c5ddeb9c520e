/* Looking at our own programs without disturbing them: a greeting that is read, a lock that is
 * tried. */
#include "ctl/running.h"

#include "core/base/door.h"
#include "core/base/lock.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_SECONDS 2

const char *server_life_name(ServerLife life)
{
    static const char *const names[] = {
        [SERVER_ABSENT] = "none",
        [SERVER_DEAD] = "dead",
        [SERVER_BUSY] = "busy",
        [SERVER_LIVES] = "running",
    };
    return names[life];
}

/* --- the mail server --------------------------------------------------------------------- */

static ServerLife read_greeting(int fd)
{
    static const char goodbye[] = "QUIT\r\n";
    char greeting[4] = "";
    bool read = recv(fd, greeting, sizeof greeting, MSG_WAITALL) == sizeof greeting;
    if (read && memcmp(greeting, "421 ", sizeof greeting) == 0)
        return SERVER_BUSY;
    send(fd, goodbye, sizeof goodbye - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    return read && memcmp(greeting, "220 ", sizeof greeting) == 0 ? SERVER_LIVES : SERVER_DEAD;
}

/* Where nobody accepts and the queue of callers is full, connecting waits as reading does. */
static ServerLife call(int fd, const struct sockaddr_un *address)
{
    const struct timeval patience = {.tv_sec = ANSWER_SECONDS};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
        return read_greeting(fd);
    return errno == ENOENT ? SERVER_ABSENT : SERVER_DEAD;
}

static ServerLife look_at_server(const Config *config)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = g_snprintf(address.sun_path, sizeof address.sun_path, "%s/" DOOR_NAME,
                            config->site.data_dir);
    if (length >= (int)sizeof address.sun_path)
        return SERVER_ABSENT; /* it could not have made one either */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return SERVER_DEAD;
    ServerLife life = call(fd, &address);
    close(fd);
    return life;
}

ServerLife running_server(const Config *config, Marks *marks)
{
    ServerLife life = look_at_server(config);
    switch (life) {
    case SERVER_LIVES:
        marks_ok(marks, "the mail server is running");
        break;
    case SERVER_ABSENT:
        marks_note(marks, "no mail server is running: fine where Postfix starts mailwicket-mda "
                          "once a mail");
        break;
    case SERVER_BUSY:
        marks_wrong(marks, "the mail server turns connections away, so mail is deferred: raise "
                           "[limits] lmtp_connections if this lasts");
        break;
    case SERVER_DEAD:
        marks_wrong(marks,
                    "the mail server does not answer at %s/" DOOR_NAME
                    ": `systemctl restart mailwicket-mda`",
                    config->site.data_dir);
        break;
    }
    return life;
}

/* --- the notifier ------------------------------------------------------------------------ */

bool running_notifier(const Config *config, Marks *marks)
{
    g_autofree char *path = g_build_filename(config->site.data_dir, "notifier.lock", NULL);
    g_autoptr(FileLock) lock = NULL;
    g_autoptr(GError) error = NULL;
    if (!file_lock_open(path, &lock, &error)) {
        marks_wrong(marks, "%s", error->message);
        return false;
    }
    if (file_lock_take(lock, 0, NULL)) {
        marks_wrong(marks, "no notifier is running: nothing is sent and the page may be down: "
                           "start mailwicket-notifier");
        return false;
    }
    marks_ok(marks, "the notifier is running");
    return true;
}
