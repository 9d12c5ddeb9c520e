# A private site for shell tests: configuration, key, database, queue and people of its own in a
# temporary folder, sending into a Maildir. Nothing of it is left behind (KEEP=1 keeps it).
#
# The programs under test come from $MAILWICKET_BUILD (default: build). They are copied into the
# site and, when the test runs as root, run as nobody, as pipe(8) does it.

TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${MAILWICKET_BUILD:-$TESTS/../build}
. "$TESTS/lib/tap.sh"

export LC_ALL=C.UTF-8
unset MAILWICKET_CONFIG

T=$(mktemp -d "${TMPDIR:-/tmp}/mailwicket-XXXXXX") || exit 1
chmod 755 "$T"
mkdir -m 755 "$T/bin" "$T/mails"
for program in mailwicket mailwicket-mda mailwicket-notifier mailwicket-webview; do
    install -m 755 "$BUILD/$program" "$T/bin/" || exit 1
done

# Pids that `own` was told of, newest first.
owned=
on_exit=

own() {
    owned="$1 $owned"
}

# Ends a process of ours and waits for it.
end() {
    kill "$1" 2>/dev/null && wait "$1" 2>/dev/null
}

cleanup() {
    local pid hook
    for hook in $on_exit; do
        "$hook"
    done
    for pid in $owned; do
        end "$pid"
    done
    [ -n "$KEEP" ] && diag "kept: $T" && return
    rm -rf "$T"
}
trap cleanup EXIT
trap 'exit 130' HUP INT TERM

# Runs a command as the desk's user. In the background use exec_as_desk: then $! is the command.
as_desk() {
    (exec_as_desk "$@")
}
exec_as_desk() {
    if [ "$(id -u)" -eq 0 ]; then
        exec setpriv --reuid=nobody --regid=nogroup --clear-groups \
            env MAILWICKET_CONFIG="$SITE/mailwicket.conf" "$@"
    else
        exec env MAILWICKET_CONFIG="$SITE/mailwicket.conf" "$@"
    fi
}

# Free loopback ports, one a line.
free_ports() { # COUNT
    python3 - "$1" <<'END'
import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
for s in held:
    print(s.getsockname()[1])
END
}

# site_new NAME [GROUP.KEY=VALUE]…: makes a site and makes it the current one: NAME.example,
# French, with the queue support (SUP) and no people.
site_new() {
    local name=$1
    shift
    site_use "$name"
    mkdir -m 755 "$SITE"
    mkdir -m 750 "$SITE/data" "$SITE/out"
    {
        printf '%s\n' \
            "site.name=Support $name" \
            "site.domain=$name.example" \
            "site.base_url=https://desk.$name.example" \
            "site.language=fr" \
            "site.timezone=Europe/Paris" \
            "site.data_dir=$SITE/data" \
            "site.key_file=$SITE/etc/key" \
            "mail.transport=maildir:$SITE/out" \
            "$@"
    } >"$SITE/settings"
    mkdir -m 755 "$SITE/etc"
    site_write
    [ "$(id -u)" -ne 0 ] || chown -R nobody:nogroup "$SITE"
    as_desk "$T/bin/mailwicket" init >"$SITE/init.log" 2>&1 ||
        { diag "init failed: $(cat "$SITE/init.log")"; return 1; }
    mw queue add support --address "support@$name.example" --prefix SUP >"$SITE/queue.log" 2>&1 ||
        { diag "queue add failed: $(cat "$SITE/queue.log")"; return 1; }
}

# Makes another site of this test the current one.
site_use() {
    SITE=$T/$1
    DESK=support@$1.example
}

# site_set GROUP.KEY=VALUE…: changes settings; a later one wins.
site_set() {
    printf '%s\n' "$@" >>"$SITE/settings"
    site_write
}

site_write() {
    awk '
        {
            eq = index($0, "="); dot = index($0, ".")
            group = substr($0, 1, dot - 1); key = substr($0, dot + 1, eq - dot - 1)
            if (!((group, key) in value)) order[++n] = group SUBSEP key
            value[group, key] = substr($0, eq + 1)
            if (!(group in seen)) { seen[group] = 1; groups[++m] = group }
        }
        END {
            for (g = 1; g <= m; g++) {
                printf "[%s]\n", groups[g]
                for (i = 1; i <= n; i++) {
                    split(order[i], part, SUBSEP)
                    if (part[1] == groups[g] && value[order[i]] != "")
                        printf "%s = %s\n", part[2], value[order[i]]
                }
            }
        }' "$SITE/settings" >"$SITE/mailwicket.conf"
    chmod 644 "$SITE/mailwicket.conf"
}

# The admin's command line.
mw() {
    as_desk "$T/bin/mailwicket" "$@"
}

# deliver FILE [RECIPIENT [SENDER [ARGUMENT…]]]: what pipe(8) does. Its status is the MDA's; what
# the MDA printed is in $SITE/mda.out.
deliver() {
    local file=$1 recipient=${2-$DESK} sender=${3-$(mail_from "$1")}
    [ $# -lt 3 ] && shift $# || shift 3
    as_desk "$T/bin/mailwicket-mda" --sender "$sender" --recipient "$recipient" "$@" \
        <"$file" >"$SITE/mda.out" 2>&1
}

# The server, for Postfix, at a socket like the one of packaging/mailwicket-mda.socket; its pid is
# $SERVER, its log $SITE/mda.log.
server_start() { # [ARGUMENT OF mailwicket-mda…]
    [ $# -gt 0 ] || set -- --lmtp "unix:$SITE/run/lmtp.sock"
    if [ ! -d "$SITE/run" ]; then
        mkdir -m 755 "$SITE/run"
        # The set-group-id bit gives the socket Postfix's group.
        [ "$(id -u)" -ne 0 ] || ! getent group postfix >/dev/null ||
            { chown nobody:postfix "$SITE/run" && chmod 2755 "$SITE/run"; }
    fi
    rm -f "$SITE/data/lmtp.sock"
    exec_as_desk "$T/bin/mailwicket-mda" "$@" >"$SITE/mda.log" 2>&1 &
    SERVER=$!
    own "$SERVER"
    eventually 20 server_answers || { diag "server: $(cat "$SITE/mda.log")"; return 1; }
}
server_answers() {
    lmtp "$SITE/data/lmtp.sock" '' | grep -q '^220 '
}
server_stop() {
    end "$SERVER"
    SERVER=
}
# lmtp SOCKET|PORT DIALOGUE: sends it (printf escapes) at once, then QUIT, and prints all answers.
lmtp() {
    printf '%bQUIT\r\n' "$2" | python3 "$TESTS/lib/lmtp.py" "$1"
}

# Drains the outbox into the Maildir.
notify_once() {
    as_desk "$T/bin/mailwicket-notifier" --once >"$SITE/notifier.out" 2>&1 ||
        { diag "notifier: $(cat "$SITE/notifier.out")"; return 1; }
}

# Paths of the mails that went out, oldest first; those to ADDRESS only, if given.
sent_mails() {
    local file
    find "$SITE/out" -type f -path '*/new/*' -printf '%T@ %p\n' | sort -n | cut -d' ' -f2- |
        while read -r file; do
            [ -z "$1" ] || [ "$(mail_to "$file")" = "$1" ] || continue
            echo "$file"
        done
}
sent_count() { # [ADDRESS]
    sent_mails "$@" | wc -l
}
last_sent() { # [ADDRESS]
    sent_mails "$@" | tail -n 1
}
# Every mail that went out, as it is.
sent_bytes() {
    sent_mails "$@" | tr '\n' '\0' | xargs -0 -r cat
}
# Forgets what went out so far.
sent_clear() {
    find "$SITE/out" -type f -path '*/new/*' -delete
}

# mail FROM TO SUBJECT BODY [HEADER…]: prints a mail with Date and Message-ID of its own. A
# HEADER starting with "^" stands above Received, where our own mail server writes. A HEADER
# "From: …", "Message-ID: …" and so on replaces the usual one.
mail() {
    local from=$1 to=$2 subject=$3 body=$4 header above= below=
    shift 4
    for header in "$@"; do
        case $header in
        ^*) above+="${header#^}"$'\n' ;;
        *) below+="$header"$'\n' ;;
        esac
    done
    mail_serial=$((mail_serial + 1))
    printf '%s' "$above"
    printf 'Received: from client.test (client.test [192.0.2.1]) by mx.example; %s\n' \
        'Mon, 2 Jun 2025 10:00:00 +0200'
    grep -qi '^From:' <<<"$below" || printf 'From: %s\n' "$from"
    grep -qi '^To:' <<<"$below" || printf 'To: %s\n' "$to"
    grep -qi '^Subject:' <<<"$below" || printf 'Subject: %s\n' "$subject"
    grep -qi '^Date:' <<<"$below" || printf 'Date: %s\n' "$(date -R)"
    grep -qi '^Message-ID:' <<<"$below" ||
        printf 'Message-ID: <%s.%s.%s@client.test>\n' "$$" "$mail_serial" "$RANDOM$RANDOM"
    grep -qi '^MIME-Version:' <<<"$below" || printf 'MIME-Version: 1.0\n'
    grep -qi '^Content-Type:' <<<"$below" ||
        printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n'
    printf '%s\n' "$below" | sed '/^$/d'
    printf '\n%s\n' "$body"
}
mail_serial=0

# answer FILE FROM BODY [HEADER…]: prints the reply that a mail client writes to FILE, one of our
# mails: to its Reply-To, in its thread, quoting it.
answer() {
    local file=$1 from=$2 body=$3 id subject
    shift 3
    id=$(mail_header "$file" Message-ID)
    subject=$(python3 "$TESTS/lib/mail.py" raw Subject "$file")
    [[ $subject == [Rr][Ee]:* ]] || subject="Re: $subject"
    mail "$from" "$(mail_reply_to "$file")" "$subject" "$body

Le $(mail_header "$file" Date), $(mail_header "$file" From) a écrit :
$(mail_text "$file" | tr -d '\r' | sed 's/^/> /')" "In-Reply-To: $id" \
        "References: $(mail_header "$file" References) $id" "$@"
}

# The header by which our own mail server (mail.authserv_id=mx.example) vouches for a domain.
proven() { # DOMAIN
    echo "^Authentication-Results: mx.example; dmarc=pass header.from=$1"
}

# mail_header FILE NAME: decoded and unfolded, one line an occurrence.
mail_header() {
    python3 "$TESTS/lib/mail.py" header "$2" "$1"
}
mail_from() { # FILE: the address
    python3 "$TESTS/lib/mail.py" address From "$1"
}
mail_to() {
    python3 "$TESTS/lib/mail.py" address To "$1"
}
mail_reply_to() {
    python3 "$TESTS/lib/mail.py" address Reply-To "$1"
}
# The text/plain part, decoded.
mail_text() {
    python3 "$TESTS/lib/mail.py" text "$1"
}
# The decoded bytes of the first part of a type.
mail_part() { # TYPE FILE
    python3 "$TESTS/lib/mail.py" part "$1" "$2"
}
# Everything a reader could see: headers and all text parts, decoded.
mail_all() {
    python3 "$TESTS/lib/mail.py" all "$1"
}

# json EXPRESSION: Python over JSON lines on stdin: `d` is the last object, `all` the list.
json() {
    python3 -c '
import json, sys
all_ = [json.loads(line) for line in sys.stdin if line.strip()]
try:
    got = eval(sys.argv[1], {"all": all_, "d": all_[-1] if all_ else None})
except (LookupError, TypeError) as error:
    got = f"({error!r})"
print(got if isinstance(got, str) else json.dumps(got, ensure_ascii=False))
' "$1"
}

# Of the latest ledger row.
ledger() { # EXPRESSION
    mw ledger --json | json "$1"
}
ticket() { # ID EXPRESSION
    mw ticket show "$1" --json | json "$2"
}

# The page: started once for the current site, on a free port.
page_start() {
    PAGE_PORT=$(free_ports 1)
    exec_as_desk "$T/bin/mailwicket-webview" --listen "127.0.0.1:$PAGE_PORT" >"$SITE/webview.log" 2>&1 &
    own $!
    eventually 30 curl -s -o /dev/null "http://127.0.0.1:$PAGE_PORT/healthz" ||
        { diag "webview: $(cat "$SITE/webview.log")"; return 1; }
}
# page PATH_OR_LINK [CURL_ARGUMENT…]
page() {
    local path=$1
    [[ $path == *://* ]] && path=/${path#*://*/}
    shift
    curl -s --path-as-is "$@" "http://127.0.0.1:$PAGE_PORT$path"
}
# The page of a ticket for its requester or somebody else.
link() { # ID [ADDRESS]
    mw link "$@"
}
