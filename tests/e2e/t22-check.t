#!/bin/bash
# `mailwicket check` finds what must not be in a database, and `mailwicket status` says whether an
# admin should look.
. "$(dirname "$0")/../lib/site.sh"

site_new acme
mw agent add alice@acme.example --name Alice --queue support >/dev/null
for i in 1 2 3 4; do
    { mail "Client $i <c$i@client.test>" "$DESK" "Panne $i" "Texte $i."; [ $i -ne 3 ] || seq 30000; } >"$T/mails/$i"
    deliver "$T/mails/$i" || exit 1
done
notify_once

# --- a sound database --------------------------------------------------------------------------
out=$(mw check)
is 'a sound database is 0' "$?" 0
like 'and said to be whole' "$out" \
    '^ok    the database is whole; 4 raw mails read, 4 ledger rows, 4 messages, 4 tickets, [0-9]+ outgoing mails compared$'
is 'as JSON the counts are all' \
    "$(mw check --json | json 'len(all), [d[k] for k in ("findings", "raw_mails", "ledger_rows", "messages", "tickets")]')" \
    '[1, [0, 4, 4, 4, 4]]'
mw check now >"$T/out" 2>&1
is 'it takes no words' "$?" 2
mw check 2>"$T/err" >/dev/null
is 'where no terminal is there is no progress' "$(cat "$T/err")" ''
like 'on a terminal there is' "$(as_desk script -qec "$T/bin/mailwicket check" /dev/null </dev/null)" 'which may take long'

# --- damage ------------------------------------------------------------------------------------
cp -a "$SITE/data" "$T/sound"
# Damages a copy of the sound database; what is then found is in $out, the status in $status.
restored() {
    rm -rf "$SITE/data"
    cp -a "$T/sound" "$SITE/data"
}
damaged() { # SQL
    restored
    as_desk sqlite3 "$SITE/data/mailwicket.db" "PRAGMA foreign_keys = OFF; $1" >/dev/null
    out=$(mw check)
    status=$?
}
finds() { # NAME PATTERN SQL
    damaged "$3"
    is "$1: 1" "$status" 1
    like "$1: named" "$out" "$2"
}
finds 'a byte of a mail' '^WRONG raw mail 2 is not what its SHA-256 says' \
    "UPDATE raw_piece SET bytes = cast(replace(cast(bytes AS text), 'Texte', 'texte') AS blob) WHERE raw = 2"
finds 'a piece of a mail' '^WRONG raw mail 3 is incomplete' 'DELETE FROM raw_piece WHERE raw = 3 AND seq = 1'
finds 'a ledger row without its ticket' '^WRONG ledger row 2 opened or entered a ticket and names none' \
    'UPDATE ledger SET ticket = NULL WHERE id = 2'
finds 'a ledger row without its mail' '^WRONG ledger row 2 took effect without a raw mail' \
    'UPDATE ledger SET raw = NULL WHERE id = 2'
finds 'a message without its ledger row' '^WRONG message 4 has no ledger row' 'DELETE FROM ledger WHERE id = 4'
finds 'a raw mail of nobody' '^WRONG raw mail [0-9]+ belongs to no ledger row and no message' \
    "INSERT INTO raw (hash, size) VALUES (zeroblob(32), 0)"
finds 'pieces of no mail' '^WRONG raw mail 99 is not in the table' \
    "INSERT INTO raw_piece (raw, seq, bytes) VALUES (99, 0, x'00')"
finds 'an attachment outside its mail' '^WRONG message 1 has an attachment that lies outside' \
    "INSERT INTO attachment (message, n, name, type, charset, content_id, is_inline, size, sha256, offset, length, encoding)
     VALUES (1, 1, 'a', 'text/plain', '', '', 0, 1, '', 100000, 10, '')"
finds 'an outgoing mail without bytes' '^WRONG outgoing mail 1 is marked rendered' 'DELETE FROM outbox_piece WHERE outbox = 1'
finds 'a number that was given past the counter' '^WRONG queue 1 has given numbers past its counter' \
    'UPDATE queue SET last_number = 2'
finds 'a reference to nothing' '^WRONG message 1 names a ticket that does not exist' 'UPDATE message SET ticket = 99 WHERE id = 1'
is 'as JSON it is an object a line, the counts last' \
    "$(mw check --json | json '[[m["kind"], m["id"], "backup" in m["cure"]] for m in all[:-1]], d["findings"]')" \
    '[[["message", 1, true], ["ledger row", 1, true], ["ticket", 1, true]], 3]'
damaged 'UPDATE queue SET last_number = 2'
like 'the cure stands behind what has one' "$out" '^WRONG queue 1 .*deferred: set its last_number'
damaged 'DELETE FROM raw_piece WHERE raw IN (2, 4)'
is 'each damage has a line' "$(grep -c ^WRONG <<<"$out")" 2
like 'and they are counted' "$out" '^2 findings; 4 raw mails read'
damaged 'SELECT 1'
printf 'XXXXXXXX' | dd of="$SITE/data/mailwicket.db" bs=1 seek=8300 conv=notrunc 2>/dev/null
as_desk sqlite3 "$SITE/data/mailwicket.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
printf 'XXXXXXXXXXXXXXXXXXXXXXXX' | dd of="$SITE/data/mailwicket.db" bs=1 seek=$((4096 * 7)) conv=notrunc 2>/dev/null
mw check >"$T/out" 2>&1
is 'a damaged page is not 0' "$(($? != 0))" 1
restored

# --- what it needs, what it leaves alone --------------------------------------------------------
hashes() { (cd "$SITE/data" && sha256sum mailwicket.db mailwicket.db-wal); }
before=$(hashes)
mv "$SITE/etc/key" "$SITE/etc/key.away"
ok 'it needs no key' mw check
mv "$SITE/etc/key.away" "$SITE/etc/key"
is 'it changes nothing' "$(hashes)" "$before"
rm "$SITE/data/mailwicket.db-shm"
ok 'it takes the log up anew when all programs were stopped' mw check
mv "$SITE/data/mailwicket.db" "$SITE/data/away"
mw check >"$T/out" 2>&1
is 'no database is a matter of set-up' "$?" 2
mv "$SITE/data/away" "$SITE/data/mailwicket.db"
mail 'Client 5 <c5@client.test>' "$DESK" 'Panne 5' 'Texte 5.' >"$T/mails/5"
deliver_all() {
    local i
    for i in $(seq 30); do
        sed "s/Panne 5/Panne $i/" "$T/mails/5" >"$T/mails/beside"
        deliver "$T/mails/beside" || return 1
    done
}
deliver_all &
deliveries=$!
own "$deliveries"
found=0
while kill -0 "$deliveries" 2>/dev/null; do
    mw check >"$T/out" 2>&1 || { found=$?; diag "$(cat "$T/out")"; break; }
done
is 'deliveries beside it are no findings' "$found" 0
wait "$deliveries"
is 'nor does it make them fail' "$?" 0
restored

# --- status -------------------------------------------------------------------------------------
out=$(mw status)
is 'without a notifier status is 1' "$?" 1
like 'and says what to do' "$out" '^WRONG no notifier is running: .*start mailwicket-notifier'
like 'no server is no trouble by itself' "$out" '^note  no mail server is running'
mw status now >"$T/out" 2>&1
is 'it takes no words' "$?" 2
exec_as_desk "$T/bin/mailwicket-notifier" >"$SITE/notifier.log" 2>&1 &
own $!
notifier=$!
all_well() { mw status >/dev/null; }
ok 'with one it is 0' eventually 10 all_well
is 'and nothing is marked' "$(mw status | grep -c ^WRONG)" 0
is 'the keys' "$(mw status --json | json 'list(d)')" \
    '["server", "notifier", "last_in", "last_out", "deliveries", "unparsed", "waiting", "due", "due_since", "dead", "held", "unindexed", "database_bytes", "wal_bytes", "free_bytes", "wrong"]'
is 'what passed is counted' \
    "$(mw status --json | json '[d[k] for k in ("server", "notifier", "deliveries", "unparsed", "waiting", "held", "wrong")]')" \
    '["none", true, 4, 0, 0, 0, []]'
is 'times are times' \
    "$(mw status --json | json '__import__("re").fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", d["last_in"]) is not None, d["last_out"][:2], d["due_since"]')" \
    '[true, "20", null]'
is 'sizes are sizes' "$(mw status --json | json 'min(d["database_bytes"], d["free_bytes"]) >= 4096 and d["wal_bytes"] >= 0')" true
mv "$SITE/etc/key" "$SITE/etc/key.away"
ok 'monitoring needs no key' mw status
mv "$SITE/etc/key.away" "$SITE/etc/key"

# --- the server's door --------------------------------------------------------------------------
server_start || exit 1
is 'the server is seen' "$(mw status --json | json 'd["server"]')" running
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null
out=$(mw status)
is 'a server that died is 1' "$?" 1
like 'with the cure' "$out" '^WRONG the mail server does not answer at .*/lmtp.sock: `systemctl restart mailwicket-mda`'
# A door behind which somebody says this much and no more; its queue holds one caller.
door() { # GREETING
    rm -f "$SITE/data/lmtp.sock"
    python3 - "$SITE/data/lmtp.sock" "$1" <<'END' &
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
s.listen(0)
while sys.argv[2]:
    c = s.accept()[0]
    c.sendall(sys.argv[2].encode())
    c.close()
callers = [socket.socket(socket.AF_UNIX)]
callers[0].connect(sys.argv[1])
time.sleep(60)
END
    own $!
    eventually 5 test -S "$SITE/data/lmtp.sock"
    sleep 0.3
}
server_life() { mw status --json | json 'd["server"], len(d["wrong"])'; }
door $'421 4.3.2 too many connections, come back later\r\n'
is 'one that turns callers away is busy' "$(server_life)" '["busy", 1]'
door $'554 no\r\n'
is 'one that says something else is dead' "$(server_life)" '["dead", 1]'
door ''
before=$SECONDS
is 'and so is one that accepts nobody any more' "$(server_life)" '["dead", 1]'
ok 'which does not keep monitoring waiting' test $((SECONDS - before)) -le 4
rm -f "$SITE/data/lmtp.sock"
end "$notifier"

# --- what waits, what is wrong -------------------------------------------------------------------
as_desk sqlite3 "$SITE/data/mailwicket.db" "UPDATE outbox SET state = 'waiting', next = next - 8000 WHERE id = 1;
    UPDATE message SET visibility = 2 WHERE id = 1; UPDATE ledger SET verdict = 'unparsed' WHERE id = 1;
    INSERT INTO event (ticket, at, what) VALUES (1, strftime('%s', 'now'), 'delivery-failed')"
out=$(mw status)
like 'mail that should have left long ago is told' "$out" \
    '^WRONG mails have been due for over an hour, since 20.*: `mailwicket outbox list`'
like 'held mail is worth knowing' "$out" '^note  1 mails are held'
like 'and what nobody could read' "$out" '^note  1 of them could not be read'
like 'and what was given up' "$out" '^note  1 mails were given up'
is 'since when' "$(mw status --json | json 'd["due"], d["due_since"] is not None')" '[1, true]'
is 'all of it is in JSON' "$(mw status --json | json '[d[k] for k in ("held", "unparsed", "dead")], len(d["wrong"])')" \
    '[[1, 1, 1], 2]'

# A small disk, which is gone with the command.
small_disk() {
    unshare -m sh -c 'mount -t tmpfs -o size=64m small "$1" && cp -a "$2/." "$1" && chown --reference "$2" "$1" &&
        MAILWICKET_CONFIG=$3 exec "$4" status' sh "$SITE/data" "$T/sound" "$SITE/mailwicket.conf" "$T/bin/mailwicket" 2>&1
}
out=
[ "$(id -u)" -ne 0 ] || out=$(small_disk)
if grep -q '^note  no mail server' <<<"$out"; then
    like 'a disk that is nearly full is told' "$out" '^WRONG only [0-9]+ MB of the disk .*make space'
else
    ok 'a disk that is nearly full is told # SKIP no file system can be mounted here' true
fi

rm "$SITE/data/mailwicket.db"
mw status >"$T/out" 2>&1
is 'status of no database is a matter of set-up' "$?" 2

finish
