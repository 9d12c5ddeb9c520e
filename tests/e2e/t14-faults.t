#!/bin/bash
# Faults of ours: a held lock, a read-only database, a full disk, a broken configuration, a
# delivery agent that is killed. Each time the answer is 75 and silence, and the mail arrives when
# the fault is gone.
. "$(dirname "$0")/../lib/site.sh"
. "$TESTS/lib/postfix.sh"

site_new acme
question() { # NAME: a mail of its own
    mail 'Zoé <zoe@client.test>' "$DESK" "Panne $1" "Texte de $1." >"$T/mails/$1"
    echo "$T/mails/$1"
}
rows() { mw ledger --json | wc -l; }

# tempfails NAME: delivering a mail now is refused for now, silently, and leaves no trace;
# arrives NAME: later it becomes a ticket.
tempfails() {
    deliver "$(question "$1")"
    is "75 with $2" "$?" 75
    is "nothing is printed with $2" "$(cat "$SITE/mda.out")" ''
}
arrives() {
    local before
    before=$(rows)
    deliver "$T/mails/$1"
    is "afterwards the mail arrives: $2" "$?, $(($(rows) - before)), $(ledger 'd["verdict"]')" '0, 1, ticket'
}

# --- a lock held too long, in the background, for it takes half a minute -----------------------
site_new locked
flock "$SITE/data/lock" sleep 50 &
holder=$!
own "$holder"
mail 'Zoé <zoe@client.test>' "$DESK" 'Panne' 'Texte.' >"$T/mails/lock"
( deliver "$T/mails/lock"; echo "$?" >"$T/lock.status" ) &
waiting=$!
site_use acme

# --- a lock held for a moment -------------------------------------------------------------------
flock "$SITE/data/lock" sleep 2 &
own $!
sleep 0.2
deliver "$(question moment)"
is 'a lock held for two seconds is waited for' "$?, $(ledger 'd["verdict"]')" '0, ticket'

# --- database ----------------------------------------------------------------------------------
chmod a-w "$SITE"/data/mailwicket.db* "$SITE/data"
tempfails readonly 'a read-only database'
chmod u+w "$SITE"/data/mailwicket.db* "$SITE/data"
arrives readonly 'read-only database'

mv "$SITE/data/mailwicket.db" "$SITE/away"
tempfails nodb 'no database'
mv "$SITE/away" "$SITE/data/mailwicket.db"
arrives nodb 'no database'

# --- configuration and key -----------------------------------------------------------------------
cp "$SITE/mailwicket.conf" "$SITE/good.conf"
sed -i 's/^language.*/language = klingon/' "$SITE/mailwicket.conf"
tempfails badvalue 'a bad value in the configuration'
mw queue list >"$T/out" 2>&1
is 'the command line says 2' "$?" 2
like 'it names file, line and key in one line' "$(cat "$T/out")" 'mailwicket\.conf:[0-9]+: .*language'
is 'in one line' "$(wc -l <"$T/out")" 1
echo 'nonsense' >>"$SITE/mailwicket.conf"
tempfails nonsense 'a configuration that is none'
rm "$SITE/mailwicket.conf"
tempfails noconf 'no configuration'
cp "$SITE/good.conf" "$SITE/mailwicket.conf"
chmod 644 "$SITE/mailwicket.conf"
for name in badvalue nonsense noconf; do
    arrives "$name" "configuration ($name)"
done
mv "$SITE/etc/key" "$SITE/etc/away"
tempfails nokey 'no key file'
mv "$SITE/etc/away" "$SITE/etc/key"
arrives nokey 'no key file'

# --- arguments -----------------------------------------------------------------------------------
as_desk "$T/bin/mailwicket-mda" <"$T/mails/nokey" >"$T/out" 2>&1
is '75 without arguments' "$?" 75
as_desk "$T/bin/mailwicket-mda" --recipient "$DESK" --sender <"$T/mails/nokey" >"$T/out" 2>&1
is '75 with a missing value' "$?" 75

# --- a full disk ---------------------------------------------------------------------------------
site_new small
if [ "$(id -u)" -eq 0 ] && mkdir "$SITE/keep" && cp -a "$SITE/data/." "$SITE/keep/" &&
    mount -t tmpfs -o size=6m,mode=750,uid="$(id -u nobody)",gid="$(id -g nobody)" mailwicket "$SITE/data"; then
    small_unmount() { umount "$T/small/data"; }
    on_exit="small_unmount $on_exit"
    cp -a "$SITE/keep/." "$SITE/data/"
    # Fills the disk but for so many kB, delivers a mail of 40 kB, empties it again.
    failed=0 done=0 tried=0
    for spare in 0 4 16 32 48 64 96 128 160 200 400 800; do
        name=full$spare
        { mail 'Zoé <zoe@client.test>' "$DESK" "Plein $spare" 'Long :'; seq 8000; } >"$T/mails/$name"
        free=$(df --output=avail -k "$SITE/data" | tail -1)
        [ "$free" -gt "$spare" ] || break
        as_desk dd if=/dev/zero of="$SITE/data/filler" bs=1k count=$((free - spare)) 2>/dev/null
        deliver "$T/mails/$name"
        case $? in
        75) failed=$((failed + 1)) ;;
        0) done=$((done + 1)) ;;
        *) diag "unexpected status with $spare kB left" ;;
        esac
        tried=$((tried + 1))
        rm "$SITE/data/filler"
    done
    is 'on a full disk each answer is 75 or 0' "$((failed + done))" "$tried"
    ok 'with no space it was 75' test "$failed" -ge 1
    ok 'with enough space it was 0' test "$done" -ge 1
    for file in "$T"/mails/full*; do
        deliver "$file" || diag "still not: $file"
    done
    is 'with space again every mail is there once' \
        "$(mw ledger --json | json 'sorted(r["verdict"] for r in all).count("ticket")')" "$tried"
    is 'and the database is sound' \
        "$(as_desk sqlite3 "$SITE/data/mailwicket.db" 'PRAGMA integrity_check')" ok
else
    diag 'full disk: skipped, needs root and mount'
fi

# --- through Postfix: deferred, then delivered -----------------------------------------------------
site_use acme
if [ "$(id -u)" -eq 0 ] && [ -x "$postfix_daemons/master" ]; then
    WIRING=pipe postfix_new own-domain && postfix_start || exit 1
    chmod a-w "$SITE"/data/mailwicket.db*
    ok 'Postfix takes a mail while the database is read-only' send "$(question deferred)"
    postfix_settled 30 deferred
    like 'it is deferred, not bounced' "$(postfix_log)" 'dsn=4\.3\.0, status=deferred \(temporary failure\)'
    chmod u+w "$SITE"/data/mailwicket.db*
    postfix_flush
    ok 'it leaves the queue when the fault is gone' postfix_settled 30
    is 'it is a ticket' "$(ledger 'd["verdict"]')" ticket

    # pipe(8) marks no end of mail: killed on its way, it lets the program read a part of one.
    {
        mail 'Zoé <zoe@client.test>' "$DESK" 'Coupé' 'Un long courrier :'
        seq 3000000
    } >"$T/mails/cut"
    before=$(rows)
    send "$T/mails/cut" >/dev/null
    for _ in $(seq 200); do
        reader=$(pgrep -n -u nobody -f "^$T/bin/mailwicket-mda --config")
        [ -n "$reader" ] && kill -STOP "$reader" && break
        sleep 0.01
    done
    agent=$(ps -o ppid= -p "$reader" 2>/dev/null | tr -d ' ')
    if [ -n "$agent" ] && [ "$agent" != 1 ]; then
        kill -KILL "$agent"
        sleep 0.2
        kill -CONT "$reader"
        eventually 20 postfix_gone "$reader"
        postfix_settled 30 deferred
        postfix_flush
        ok 'a mail whose delivery agent was killed is delivered again' postfix_settled 60
        # Killed when all was read already, the redelivery is a duplicate: that is fine too.
        is 'it is there once, whole' "$(mw ledger --json | json "
[r['size'] > 20000000 for r in all[$before:] if r['verdict'] != 'duplicate']")" '[true]'
    fi
    postfix_stop
fi

# --- the long lock ---------------------------------------------------------------------------------
wait "$waiting"
is '75 when the lock is held too long' "$(cat "$T/lock.status")" 75
end "$holder"
site_use locked
deliver "$T/mails/lock"
is 'afterwards the mail arrives: lock' "$?, $(ledger 'd["verdict"]')" '0, ticket'

finish
