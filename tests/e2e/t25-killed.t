#!/bin/bash
# Postfix's own delivery agents are killed amid their work, by LMTP and by pipe(8): every mail is
# there once, whole, and none is bounced.
. "$(dirname "$0")/../lib/site.sh"
. "$TESTS/lib/postfix.sh"
postfix_need

MAILS=${KILLED_MAILS:-60}

# Mails with serials as tests/faults has them, some of them long; printed: how many were accepted.
send_serials() {
    python3 - "$TESTS/faults" "$POSTFIX_PORT" "$DESK" "$MAILS" <<'END'
import smtplib, sys
sys.path.insert(0, sys.argv[1])
from letters import Letters
letters = Letters(sys.argv[3])
with smtplib.SMTP("127.0.0.1", int(sys.argv[2])) as smtp:
    for i in range(int(sys.argv[4])):
        mail = letters.plain(3_000_000 if i % 10 == 5 else None)
        smtp.sendmail("bounce@client.test", [sys.argv[3]], mail.replace(b"\n", b"\r\n"))
print(len(letters.sent))
END
}

# Kills one of Postfix's agents of this kind, again and again.
kill_agents() { # NAME
    local master victim
    master=$(tr -d ' ' <"$POSTFIX/queue/pid/master.pid")
    while true; do
        victim=$(pgrep -P "$master" -x "$1" | shuf -n 1)
        [ -n "$victim" ] && kill -KILL "$victim" && echo "$victim"
        sleep 0.15
    done
}

# Deferred mail is tried at once, until there is none.
empty_queue() {
    local i
    for i in $(seq 60); do
        postfix_flush
        postfix_settled 2 && return 0
    done
    return 1
}

for wiring in lmtp pipe; do
    site_new "$wiring" limits.tickets_per_hour=1000000
    # A pipe of its own, or it would be the server's client.
    [ "$wiring" = lmtp ] || SERVER=
    WIRING=$wiring postfix_new own-domain transport_retry_time=1s && postfix_start || exit 1
    kill_agents "$wiring" >"$T/killed" 2>/dev/null &
    killer=$!
    own "$killer"
    is "$wiring: Postfix takes all mails" "$(send_serials)" "$MAILS"
    postfix_settled 20 deferred
    end "$killer"
    ok "$wiring: some agents were killed" test -s "$T/killed"
    ok "$wiring: the queue gets empty" empty_queue
    is "$wiring: each serial is in the database once, whole" \
        "$(as_desk python3 "$TESTS/faults/oracle.py" "$SITE/data/mailwicket.db" "$MAILS")" ''
    unlike "$wiring: nothing was bounced" "$(postfix_log)" 'status=bounced'
    diag "$(wc -l <"$T/killed") agents killed, $(mw ledger --json | json '[r["verdict"] for r in all].count("duplicate")') mails delivered twice and stored once"
    postfix_stop
    [ "$wiring" = pipe ] || server_stop
    rm -rf "$POSTFIX"
done

finish
