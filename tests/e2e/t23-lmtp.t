#!/bin/bash
# The server in its own words: the dialogue, what ends a mail, limits, who may connect, reloading,
# stopping, and the pipe's program as its client.
. "$(dirname "$0")/../lib/site.sh"

site_new acme limits.message_bytes=200000 limits.lmtp_connections=4
server_start || exit 1
door=$SITE/data/lmtp.sock
mail 'Zoé Martin <zoe@client.test>' "$DESK" 'Imprimante en panne' 'Bonjour, elle clignote.' \
    >"$T/mails/question"

# As DATA carries it: CRLF, dots stuffed, the end.
dotted() { # FILE
    sed -e 's/^\./../' -e 's/$/\r/' "$1"
    printf '.\r\n'
}
# says NAME PREFIX: talks LMTP; the whole dialogue stands in the mail's place. For bytes that
# printf would change.
talk() { # SOCKET BEFORE FILE
    { printf '%b' "$2"; dotted "$3"; printf 'QUIT\r\n'; } | python3 "$TESTS/lib/lmtp.py" "$1"
}
hello='LHLO client.test\r\n'
from='MAIL FROM:<zoe@client.test>\r\n'
to="RCPT TO:<$DESK>\\r\\n"

# --- the dialogue ------------------------------------------------------------------------------
said=$(lmtp "$door" "$hello")
like 'it greets as LMTP' "$said" '^220 acme\.example LMTP'
for word in PIPELINING 8BITMIME SMTPUTF8 CHUNKING ENHANCEDSTATUSCODES 'SIZE 200000' 'XFORWARD IDENT'; do
    like "it offers $word" "$said" "^250[- ]$word\$"
done
said=$(talk "$door" "$hello${from}${to}RCPT TO:<nobody@acme.example>\\r\\n${to}DATA\\r\\n" "$T/mails/question")
is 'each recipient gets an answer of its own' "$(grep -A3 '^354' <<<"$said" | cut -c1-9 | xargs)" \
    '354 go on 250 2.0.0 550 5.1.1 250 2.0.0'
is 'and a row of its own in the ledger' "$(mw ledger --json | json '[r["verdict"] for r in all]')" \
    '["ticket", "refused", "duplicate"]'
is 'the mail is stored once, byte for byte' \
    "$(as_desk sqlite3 "$SITE/data/mailwicket.db" 'SELECT count(*), sum(size) FROM raw')" \
    "1|$(sed 's/$/\r/' "$T/mails/question" | wc -c)"

mw queue add sales --address sales@acme.example --prefix VEN >/dev/null
mail 'Zoé <zoe@client.test>' "$DESK" 'Pour deux files' 'Bonjour.' >"$T/mails/two"
talk "$door" "$hello${from}${to}RCPT TO:<sales@acme.example>\\r\\nDATA\\r\\n" "$T/mails/two" >/dev/null
is 'a mail for two queues is two tickets' \
    "$(mw ledger --json | json '[r["ticket"][:3] for r in all[-2:]]')" '["SUP", "VEN"]'
is 'of one raw mail' "$(as_desk sqlite3 "$SITE/data/mailwicket.db" 'SELECT count(*) FROM raw')" 2

said=$(lmtp "$door" 'EHLO client.test\r\nMAIL FROM:<a@b.test>\r\n'"${hello}DATA\\r\\n${to}${from}DATA\\r\\n${from}")
is 'what comes out of turn is told so' "$(grep -oE '^[45][0-9.]+ [0-9.]+' <<<"$said" | xargs)" \
    '500 5.5.2 503 5.5.1 503 5.5.1 503 5.5.1 503 5.5.1 503 5.5.1'
said=$(lmtp "$door" "$hello$(head -c 5000 /dev/zero | tr '\0' x)\\r\\nNOOP\\r\\n")
like 'a line without end is refused' "$said" '^500 5\.5\.6'
like 'and the next one is heard' "$said" '^250 2\.0\.0 fine'
said=$(for i in $(seq 30); do printf 'NONSENSE\r\n'; done | python3 "$TESTS/lib/lmtp.py" "$door")
like 'twenty mistakes end it' "$said" '^421 4\.7\.0'

# --- the envelope ------------------------------------------------------------------------------
mail 'Zoé <zoe@client.test>' "$DESK" 'Enveloppe' 'Bonjour.' >"$T/mails/envelope"
talk "$door" "${hello}XFORWARD IDENT=4Zabc+2B1\\r\\nMAIL FROM:<> BODY=8BITMIME SMTPUTF8 SIZE=1000\\r\\n${to}DATA\\r\\n" \
    "$T/mails/envelope" >/dev/null
is 'sender and queue id stand in the ledger' "$(ledger 'd["sender"], d["queue_id"]')" '["", "4Zabc+1"]'

# --- what ends a mail ----------------------------------------------------------------------------
before=$(mw ledger --json | wc -l)
{
    printf "%b" "$hello${from}${to}DATA\\r\\n"
    printf 'From: <zoe@client.test>\r\nSubject: Un seul\r\n\r\nAvant.\n.\r\nMAIL FROM:<evil@x.test>\r\n'
    printf 'RCPT TO:<%s>\r\nDATA\r\nSubject: deux\r\n\n.\n\r\n..fin\r\n.\r\nQUIT\r\n' "$DESK"
} | python3 "$TESTS/lib/lmtp.py" "$door" >"$T/said"
is 'bare line feeds smuggle nothing: one mail' "$(($(mw ledger --json | wc -l) - before))" 1
like 'with all of it in its text' "$(ticket "$(ledger 'd["ticket"]')" 'd["messages"][0]["text"]')" 'MAIL FROM:<evil@x\.test>'
like 'and the stuffed dot taken out' "$(ticket "$(ledger 'd["ticket"]')" 'd["messages"][0]["text"]')" '^\.fin'
before=$(mw ledger --json | wc -l)
printf "%b" "$hello${from}${to}DATA\\r\\nSubject: sans fin\\r\\n\\r\\nCoup" |
    timeout 5 python3 "$TESTS/lib/lmtp.py" "$door" >/dev/null
is 'a mail without its end is none' "$(mw ledger --json | wc -l)" "$before"

mail 'Zoé <zoe@client.test>' "$DESK" 'Par morceaux' '.pointé' >"$T/mails/chunks"
size=$(wc -c <"$T/mails/chunks")
{
    printf "%b" "$hello${from}${to}BDAT 100\\r\\n"
    head -c 100 "$T/mails/chunks"
    printf 'BDAT %d LAST\r\n' $((size - 100))
    tail -c +101 "$T/mails/chunks"
    printf 'QUIT\r\n'
} | python3 "$TESTS/lib/lmtp.py" "$door" >"$T/said"
is 'a mail in chunks is taken' "$(ledger 'd["verdict"], d["size"]')" "[\"ticket\", $size]"

# --- size ----------------------------------------------------------------------------------------
server_stop
ok 'it stops when told to' test ! -e "$door"
server_start --lmtp "127.0.0.1:$(free_ports 1 | tee "$T/port")" || exit 1
port=$(cat "$T/port")
like 'SIZE that is too large is refused at MAIL' \
    "$(lmtp "$port" "${hello}MAIL FROM:<a@b.test> SIZE=200001\\r\\n")" '^552 5\.3\.4'
{ mail 'Zoé <zoe@client.test>' "$DESK" 'Trop gros' 'x'; seq 60000; } >"$T/mails/big"
said=$(talk "$port" "$hello${from}${to}DATA\\r\\n" "$T/mails/big")
like 'a mail that is too large is refused when it is whole' "$said" '^552 5\.3\.4'
is 'the ledger says how large it was' "$(ledger 'd["verdict"], d["size"] > 300000')" '["refused", true]'
deliver "$T/mails/big"
is "so does the pipe's program" "$?, $(ledger 'd["verdict"]')" '65, refused'

# --- hostile mails: the others go on ---------------------------------------------------------------
python3 - >"$T/mails/killer" <<'END'
print("From: <evil@x.test>\nTo: " + "g:" * 7000 + "\nSubject: tueur\n\nx")
END
for i in 1 2 3; do
    (talk "$port" "$hello${from}${to}DATA\\r\\n" "$T/mails/killer" >"$T/killer.$i") &
done
mail 'Zoé <zoe@client.test>' "$DESK" 'Pendant ce temps' 'Bonjour.' >"$T/mails/meanwhile"
said=$(talk "$port" "$hello${from}${to}DATA\\r\\n" "$T/mails/meanwhile")
like 'a mail beside hostile ones is taken' "$said" '^250 2\.0\.0 done'
wait $(jobs -p | grep -vx "$SERVER")
like 'the hostile ones are taken too' "$(cat "$T/killer.1")" '^250 2\.0\.0 done'
kill -0 "$SERVER"
is 'the server lives' "$?" 0

# --- connections -----------------------------------------------------------------------------------
python3 - "$port" >"$T/said" <<'END'
import socket, sys
held = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(5)]
for one in held:
    one.settimeout(10)
    print(one.recv(200).decode().split()[0])
END
is 'one connection too many is told 421' "$(sort "$T/said" | xargs)" '220 220 220 220 421'

nok 'it does not listen to the world' as_desk timeout 5 "$T/bin/mailwicket-mda" --lmtp 0.0.0.0:0
site_new other
nok 'nor on a port of all interfaces' as_desk timeout 5 "$T/bin/mailwicket-mda" --lmtp 0.0.0.0:0
as_desk timeout 5 "$T/bin/mailwicket-mda" --lmtp '0.0.0.0:0' 2>"$T/err"
like 'and says why' "$(cat "$T/err")" 'can be reached from other machines'
site_use acme
as_desk timeout 5 "$T/bin/mailwicket-mda" --lmtp 2>"$T/err"
is 'a second server does not start' "$?" 75
like 'and says why not' "$(cat "$T/err")" 'is another server running'
is 'only its user may use its own door' "$(stat -c %a "$door")" 600

# --- reloading -------------------------------------------------------------------------------------
site_set limits.message_bytes=300000
kill -HUP "$SERVER"
size_offered() { lmtp "$port" "$hello" | grep -q "^250-SIZE $1\$"; }
ok 'SIGHUP reads the configuration anew' eventually 10 size_offered 300000
cp "$SITE/mailwicket.conf" "$T/good.conf"
echo 'nonsense' >>"$SITE/mailwicket.conf"
kill -HUP "$SERVER"
sleep 0.5
ok 'a broken one changes nothing' size_offered 300000
cp "$T/good.conf" "$SITE/mailwicket.conf"

# --- the pipe's program as a client ------------------------------------------------------------------
mail 'Zoé <zoe@client.test>' "$DESK" 'Par le tube' '.point' >"$T/mails/pipe"
deliver "$T/mails/pipe" "$DESK" zoe@client.test --queue-id 4Zpipe --size 12
is 'it hands a mail to the server' "$?, $(ledger 'd["verdict"], d["queue_id"], d["size"]')" \
    "0, [\"ticket\", \"4Zpipe\", $(wc -c <"$T/mails/pipe")]"
is 'which stores its very bytes' "$(as_desk sqlite3 "$SITE/data/mailwicket.db" \
    'SELECT cast(bytes AS text) FROM raw_piece ORDER BY raw DESC LIMIT 1')" "$(cat "$T/mails/pipe")"
deliver "$T/mails/pipe" nobody@acme.example
is 'no such address is 67' "$?" 67
is 'nothing is printed' "$(cat "$SITE/mda.out")" ''
{ mail 'Zoé <zoe@client.test>' "$DESK" 'Coupé' 'Un long courrier,'; printf 'coupé au mil'; } >"$T/mails/cut"
before=$(mw ledger --json | wc -l)
deliver "$T/mails/cut" "$DESK" zoe@client.test --size 5000
is 'a mail that was cut in the pipe is deferred' "$?, $(mw ledger --json | wc -l)" "75, $before"
deliver "$T/mails/cut"
is 'without a size it is taken as it is' "$?, $(ledger 'd["verdict"]')" '0, ticket'
mail 'Zoé <zoe@client.test>' "$DESK" 'Cité' 'x' >"$T/mails/quoted"
deliver "$T/mails/quoted" "$DESK" '"a b"@client.test'
is 'an odd sender goes the other way' "$?, $(ledger 'd["sender"]')" '0, "a b"@client.test'
kill -STOP "$SERVER"
mail 'Zoé <zoe@client.test>' "$DESK" 'Sans serveur' 'x' >"$T/mails/alone"
(deliver "$T/mails/alone"; echo $? >"$T/status") &
waiting=$!
sleep 0.5
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null
wait "$waiting"
is 'a server that dies amid a mail is 75' "$(cat "$T/status")" 75
deliver "$T/mails/alone"
is 'without one the mail is delivered all the same' "$?, $(ledger 'd["verdict"]')" '0, ticket'

# --- stopping --------------------------------------------------------------------------------------
server_start || exit 1
mail 'Zoé <zoe@client.test>' "$DESK" 'À la fin' 'x' >"$T/mails/last"
flock "$SITE/data/lock" sleep 3 &
own $!
sleep 0.3
(talk "$door" "$hello${from}${to}DATA\\r\\n" "$T/mails/last" >"$T/said") &
waiting=$!
python3 - "$door" >"$T/idle" <<'END' &
import socket, sys
idle = socket.socket(socket.AF_UNIX)
idle.settimeout(20)
idle.connect(sys.argv[1])
while block := idle.recv(999):
    print(block.decode(), end="", flush=True)
END
idle=$!
sleep 0.7
kill -TERM "$SERVER"
wait "$waiting" "$idle"
like 'SIGTERM finishes the mail that was taken' "$(cat "$T/said")" '^250 2\.0\.0 done'
like 'and sends away who says nothing' "$(cat "$T/idle")" '^421 4\.3\.2'
wait "$SERVER"
is 'then it ends well' "$?" 0
is 'with the mail in the ledger' "$(ledger 'd["verdict"]')" ticket

# --- sockets from systemd ----------------------------------------------------------------------------
cat >"$T/bin/activate" <<'END'
#!/usr/bin/env python3
import os, socket, sys
door = socket.socket(socket.AF_UNIX)
door.bind(sys.argv[1])
door.listen()
os.dup2(door.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
END
chmod 755 "$T/bin/activate"
exec_as_desk "$T/bin/activate" "$SITE/run/handed.sock" "$T/bin/mailwicket-mda" --lmtp >"$T/err" 2>&1 &
own $!
SERVER=$!
ok 'it serves on a socket that was handed over' eventually 20 server_answers
said=$(talk "$SITE/run/handed.sock" "$hello${from}${to}DATA\\r\\n" "$T/mails/question")
like 'and takes mail there' "$said" '^250 2\.0\.0 done'
server_stop
ok 'which it leaves in place' test -S "$SITE/run/handed.sock"

finish
