#!/bin/bash
# Mail out by SMTP: what is refused now is tried again with the same bytes, what is refused for
# good is told on the ticket, and nothing leaves without the TLS that was asked for.
. "$(dirname "$0")/../lib/site.sh"

port=$(free_ports 1)
peer=$T/peer
mkdir "$peer"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/peer.key" -out "$T/peer.crt" -days 2 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
plan() { echo "$1" >"$peer/plan"; }
plan accept
python3 "$TESTS/lib/smtppeer.py" "$port" "$peer" "$T/peer.crt" "$T/peer.key" >"$T/peer.out" 2>&1 &
own $!
answers() { (exec 9<>"/dev/tcp/127.0.0.1/$port"); }
# Our own look at it is in its log before that is emptied.
eventually 10 answers && eventually 10 grep -q CONNECT "$peer/log" || exit 1
rm "$peer/log"
received() { find "$peer" -name '*.eml' | wc -l; }
clear_peer() { rm -f "$peer"/*.eml "$peer"/*.env "$peer/log"; }

# The peer numbers what it takes: the last one.
newest() { find "$peer" -name '*.eml' | sort -V | tail -1; }
# Makes everything that waits due at once: the first wait is a minute.
due_now() {
    as_desk flock "$SITE/data/lock" sqlite3 "$SITE/data/mailwicket.db" \
        "UPDATE outbox SET next = 0 WHERE state = 'waiting'"
}
outbox() { mw outbox list --json | json "$1"; }
drain() { as_desk timeout 60 "$T/bin/mailwicket-notifier" --once >"$SITE/notifier.out" 2>&1; }

site_new acme "mail.transport=smtp://localhost:$port" mail.tls=require "mail.ca_file=$T/peer.crt" \
    mail.authserv_id=mx.example
question() { # NAME
    mail "Zoé <$1@client.test>" "$DESK" "Panne $1" "Texte de $1." "$(proven client.test)" >"$T/mails/$1"
    deliver "$T/mails/$1" || diag "deliver $1: $?"
}

# --- the straight way -----------------------------------------------------------------------
question one
question two
drain
is 'two mails go out' "$(received)" 2
is 'over one kept connection' "$(grep -c '^CONNECT' "$peer/log")" 1
is 'encrypted' "$(grep -c '^TLS MAIL' "$peer/log")" 2
is 'an acknowledgement has the null sender' "$(sort -u "$peer"/*.env | head -1)" '<>'
is 'each to one recipient' "$(cat "$peer"/*.env | grep -c 'client\.test')" 2
is 'lines end in CR LF, as RFC 5321 wants it' \
    "$(cat "$peer"/*.eml | tr -d '\r' | wc -l)" "$(cat "$peer"/*.eml | grep -c $'\r$')"
ok 'no line is longer than 998 octets' \
    test "$(cat "$peer"/*.eml | awk '{ if (length > max) max = length } END { print max }')" -le 999
is 'the outbox says sent' "$(outbox '[r["state"] for r in all]')" '["sent", "sent"]'
first=$(cat "$peer/1.eml")

# --- not now --------------------------------------------------------------------------------
for refusal in rcpt451 data451 dropdata dropdot greet421; do
    clear_peer
    plan "$refusal"
    question "$refusal"
    drain
    is "$refusal: it waits" "$(outbox '[all[-1]["state"], all[-1]["tries"] >= 1 or "'"$refusal"'" == "greet421"]')" \
        '["waiting", true]'
    ok "$refusal: not before half a minute" test "$(outbox '
__import__("datetime").datetime.fromisoformat(all[-1]["next"].replace("Z", "+00:00")).timestamp() - __import__("time").time() >= 2')" = true
    kept=$(newest)
    [ -n "$kept" ] && cp "$kept" "$T/kept" || : >"$T/kept"
    plan accept
    due_now
    drain
    is "$refusal: later it is sent" "$(outbox 'all[-1]["state"]')" sent
    if [ -s "$T/kept" ]; then
        ok "$refusal: the same bytes again, so that the reader's side knows it is one mail" \
            cmp "$T/kept" "$(newest)"
    fi
done

# --- never ----------------------------------------------------------------------------------
for refusal in rcpt550 data554; do
    clear_peer
    plan "$refusal"
    question "$refusal"
    id=$(ledger 'd["ticket"]')
    drain
    is "$refusal: it is dead" "$(outbox 'all[-1]["state"]')" dead
    like "$refusal: with the reason" "$(outbox 'all[-1]["error"]')" '55[04]'
    like "$refusal: which the ticket tells" "$(ticket "$id" '[e for e in d["events"]]')" '55[04]|dead|undeliverable|not-sent'
    plan accept
    due_now
    drain
    is "$refusal: it is not tried again" "$(received)" "$([ "$refusal" = data554 ] && echo 1 || echo 0)"
done

# --- TLS ------------------------------------------------------------------------------------
clear_peer
plan accept-notls
question stripped
drain
is 'tls=require: nothing goes to a server without STARTTLS' "$(received)" 0
is 'not even the envelope' "$(grep -c '^MAIL' "$peer/log")" 0
is 'it waits' "$(outbox 'all[-1]["state"]')" waiting
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/other.key" -out "$T/other.crt" -days 2 \
    -subj /CN=other 2>/dev/null
plan accept
site_set "mail.ca_file=$T/other.crt"
due_now
drain
is 'tls=require: nothing goes to a server with a foreign certificate' "$(received)" 0
site_set mail.tls=none mail.ca_file=
due_now
drain
is 'tls=none: it goes in clear' "$(received), $(grep -c '^MAIL' "$peer/log")" '1, 1'

# --- the daemon -----------------------------------------------------------------------------
clear_peer
exec_as_desk "$T/bin/mailwicket-notifier" >"$SITE/daemon.out" 2>&1 &
daemon=$!
own "$daemon"
sleep 1
# The middle of five tries, for the machine may be busy; polling alone takes seconds.
waits= count=0
for i in 1 2 3 4 5; do
    question "daemon$i"
    start=$(date +%s%N)
    arrived() { [ "$(received)" -ge "$i" ]; }
    eventually 30 arrived && count=$((count + 1))
    waits+="$((($(date +%s%N) - start) / 1000000)) "
done
is 'the running notifier sends what is delivered' "$count" 5
usual=$(xargs -n 1 <<<"$waits" | sort -n | sed -n 3p)
ok "at once: within a second of the delivery ($usual ms)" test "$usual" -lt 1000
as_desk timeout 20 "$T/bin/mailwicket-notifier" --once >"$T/second.out" 2>&1
is 'a second notifier does not send beside it' "$(received)" 5
kill -TERM "$daemon"
wait "$daemon"
ok 'it ends when told to' test "$?" -eq 0 -o "$?" -eq 143

# --- a killed notifier ------------------------------------------------------------------------
clear_peer
plan dropdot
question killed
drain
cp "$(newest)" "$T/kept"
plan accept
due_now
exec_as_desk "$T/bin/mailwicket-notifier" >"$SITE/daemon.out" 2>&1 &
daemon=$!
own "$daemon"
two_now() { [ "$(received)" -ge 2 ]; }
eventually 10 two_now
kill -KILL "$daemon" 2>/dev/null
wait "$daemon" 2>/dev/null
clear_peer
due_now
ok 'after a kill the next one takes over' drain
is 'what was sent is not sent again' "$(received)" 0

# --- many at once ---------------------------------------------------------------------------
# Each question is acknowledged to its sender and told to the technician.
mw agent add tech@acme.example --name 'Ann Tech' >/dev/null
batch() { # NAME…
    local name
    clear_peer
    for name in "$@"; do
        question "$name"
    done
}
names() { # PREFIX COUNT
    seq -f "$1%02g" "$2"
}
# Of the rows to the senders PREFIX….
states() {
    outbox '[r["state"] for r in all if r["to"].startswith("'"$1"'")]' | tr -d '[]",' |
        xargs -n 1 | sort | uniq -c | xargs
}
state() { # OF: the last row to an address
    outbox '[r["state"] for r in all if r["to"] == "'"$1"'"][-1]'
}
message_ids() { # FILE…: one a line
    sed -n 's/^Message-ID: //p' "$@" | tr -d '\r'
}

batch $(names crowd 16)
plan accept
drain
is 'many mails go out' "$(received), $(states crowd)" '32, 16 sent'
ok 'over several connections' test "$(grep -c '^CONNECT' "$peer/log")" -gt 1
ok 'but not too many' test "$(grep -c '^CONNECT' "$peer/log")" -le 8
# The peer numbers mails as their dots come.
is 'those to one address in the order of their making' \
    "$(cd "$peer" && grep -l tech@acme *.env | sort -n | sed 's/env$/eml/' | xargs sed -n 's/^Subject: .*Panne //p' | tr -d '\r' | xargs)" \
    "$(names crowd 16 | xargs)"

for refusal in rcpt550:dead rcpt451:waiting dropdata:waiting dropdot:waiting; do
    batch $(names "${refusal%:*}-" 12)
    plan "${refusal%:*} ${refusal%:*}-07@"
    drain
    is "one of a batch with ${refusal%:*}: it is ${refusal#*:}" \
        "$(state "${refusal%:*}-07@client.test")" "${refusal#*:}"
    is "one of a batch with ${refusal%:*}: the others are sent" "$(states "${refusal%:*}-")" \
        "$(printf '%s\n' "11 sent" "1 ${refusal#*:}" | sort -k 2 | xargs)"
done
kept=$(grep -l dropdot-07@ "$peer"/*.env) kept=${kept%.env}.eml
cp "$kept" "$T/kept"
clear_peer
plan accept
due_now
drain
ok 'what was dropped after the dot comes again in the same bytes' \
    cmp "$T/kept" "$(grep -l dropdot-07@ "$peer"/*.env | sed 's/env$/eml/')"

batch $(names damaged 12)
as_desk flock "$SITE/data/lock" sqlite3 "$SITE/data/mailwicket.db" \
    "UPDATE outbox SET participation = NULL WHERE address = 'damaged03@client.test'"
drain
is 'a damaged row waits' "$(state damaged03@client.test)" waiting
is 'alone' "$(states damaged), $(received)" '11 sent 1 waiting, 23'

# --- killed at the worst moment -----------------------------------------------------------------
# Rendered, but not sent. Then nothing can be recorded while another holds the lock.
batch $(names worst 10)
plan rcpt451
drain
clear_peer
plan accept
due_now
exec_as_desk flock --no-fork "$SITE/data/lock" sleep 60 &
holder=$!
own "$holder"
exec_as_desk "$T/bin/mailwicket-notifier" >"$SITE/daemon.out" 2>&1 &
daemon=$!
own "$daemon"
all_there() { [ "$(received)" -ge 20 ]; }
ok 'a batch is sent while nothing can be recorded' eventually 20 all_there
sleep 0.5
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
end "$holder"
message_ids "$peer"/*.eml | sort >"$T/first"
mkdir -p "$T/before"
cp "$peer"/*.eml "$T/before"
clear_peer
drain
message_ids "$peer"/*.eml | sort >"$T/second"
is 'after a kill between sending and recording, at least those are sent again' \
    "$(comm -23 "$T/first" "$T/second" | wc -l)" 0
is 'under the same Message-IDs, once each' "$(sort -u "$T/first" | wc -l), $(sort -u "$T/second" | wc -l)" \
    "20, $(wc -l <"$T/second")"
is 'in the same bytes' "$(cat "$T/before"/*.eml | sort | sha256sum)" "$(
    for id in $(cat "$T/first"); do grep -lF "$id" "$peer"/*.eml; done | sort -u | xargs cat | sort | sha256sum)"

# --- a server that stalls ------------------------------------------------------------------------
batch $(names stall 12)
plan 'stalldot stall05@'
exec_as_desk "$T/bin/mailwicket-notifier" >"$SITE/daemon.out" 2>&1 &
daemon=$!
own "$daemon"
others_recorded() { [ "$(states stall)" = '11 sent 1 waiting' ]; }
ok 'one connection stalls: the others are recorded meanwhile' eventually 20 others_recorded
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
kept=$(grep -l stall05@ "$peer"/*.env) kept=${kept%.env}.eml
cp "$kept" "$T/kept"
clear_peer
plan accept
drain
is 'after a kill only that one is sent again' "$(received)" 1
ok 'the same' cmp "$T/kept" "$(newest)"

# --- told to stop amid a batch -------------------------------------------------------------------
batch $(names stop 12)
plan slowdot
exec_as_desk "$T/bin/mailwicket-notifier" >"$SITE/daemon.out" 2>&1 &
daemon=$!
own "$daemon"
one_there() { [ "$(received)" -ge 1 ]; }
eventually 20 one_there
kill -TERM "$daemon"
wait "$daemon"
is 'told to stop it ends well' "$?" 0
taken=$(received)
ok "with the mails in hand, not with all of them ($taken of 24)" test "$taken" -lt 24
is 'what was taken is recorded' "$(outbox '[r["state"] for r in all[-24:]].count("sent")')" "$taken"
plan accept
drain
is 'the others follow, none twice' "$(message_ids "$peer"/*.eml | sort -u | wc -l), $(received)" '24, 24'
mw agent remove tech@acme.example >/dev/null

# --- a Maildir and a sendmail program -----------------------------------------------------------
site_set "mail.transport=maildir:$SITE/out"
question maildir
drain
is 'maildir: one file' "$(sent_count maildir@client.test)" 1
cat >"$T/bin/sendmail" <<END
#!/bin/sh
printf '%s\n' "\$@" >"$SITE/data/sendmail.args"
cat >"$SITE/data/sendmail.mail"
END
chmod 755 "$T/bin/sendmail"
site_set "mail.transport=sendmail:$T/bin/sendmail"
question sendmail
drain
is 'sendmail: it went out' "$(outbox 'all[-1]["state"]')" sent
is 'sendmail: the recipient is the last argument, behind --' \
    "$(tail -2 "$SITE/data/sendmail.args" | xargs)" '-- sendmail@client.test'
like 'sendmail: the mail is on its input' "$(cat "$SITE/data/sendmail.mail")" '^Subject: .*SUP-'

finish
