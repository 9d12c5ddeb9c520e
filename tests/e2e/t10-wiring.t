#!/bin/bash
# The files in postfix-example/ as they are: what Postfix takes, refuses, keeps and hands over. By
# LMTP, or without the server (t10-wiring-pipe.t).
. "$(dirname "$0")/../lib/site.sh"
. "$TESTS/lib/postfix.sh"
postfix_need

site_new acme

# Stands in for the program where its exit status is the question: support+NAME@ runs NAME.
mkdir "$T/odd"
cat >"$T/bin/odd" <<'END'
#!/bin/bash
while [ $# -gt 0 ]; do
    [ "$1" = --recipient ] && to=$2
    shift
done
cat >/dev/null
name=${to#*+}
. "$(dirname "$0")/../odd/${name%@*}"
END
chmod 755 "$T/bin/odd"

mail 'Zoé Martin <zoe@client.test>' "$DESK" 'Imprimante en panne' 'Bonjour, elle clignote.' \
    >"$T/mails/question"

# --- the desk in a domain that the host already takes ---------------------------------------
postfix_new own-domain && postfix_start || exit 1

ok 'a mail to the desk is accepted' send "$T/mails/question"
like 'an unknown address of the domain is refused at RCPT TO' \
    "$(send "$T/mails/question" nobody-here@acme.example)" '^<\*\* 550 5\.1\.1'
like 'so is an unknown address with an extension' \
    "$(send "$T/mails/question" nobody-here+x@acme.example)" '^<\*\* 550 5\.1\.1'
ok 'the desk leaves nothing in the queue' postfix_settled 20
is 'the mail is a ticket' "$(ledger 'd["verdict"], d["ticket"]')" '["ticket", "SUP-1"]'
is "the ledger names Postfix's queue id" \
    "$(postfix_log | grep -c "$(ledger 'd["queue_id"]'): to=<support@acme.example>.*status=sent")" 1

# sends FILE RECIPIENT SENDER: sends it and waits until it is through.
sends() {
    send "$@" >/dev/null && postfix_settled 20
}

mail 'Zoé Martin <zoe@client.test>' "$DESK" 'Autre chose' 'Encore une question.' >"$T/mails/bug"
ok 'support+anything@ is accepted' sends "$T/mails/bug" support+bug@acme.example
is 'it opened a ticket at its desk' "$(ledger 'd["verdict"], d["recipient"]')" \
    '["ticket", "support+bug@acme.example"]'
mail 'Zoé Martin <zoe@client.test>' "$DESK" 'En majuscules' 'Encore une question.' >"$T/mails/upper"
ok 'capitals are accepted' sends "$T/mails/upper" SUPPORT@ACME.EXAMPLE
is 'they are the same address' "$(ledger 'd["verdict"], d["ticket"]')" '["ticket", "SUP-3"]'
mail '"a b;$(id)" <zoe@client.test>' "$DESK" 'Drôle' 'Expéditeur inhabituel.' >"$T/mails/quoted"
ok 'a quoted sender is accepted' sends "$T/mails/quoted" "$DESK" '"a b;$(id)"@client.test'
is 'it stands in the ledger as RFC 5321 writes it' "$(ledger 'd["sender"]')" \
    '"a b;$(id)"@client.test'
mail 'Zoé <zoe@client.test>' "$DESK" 'Sans expéditeur' 'Enveloppe vide.' >"$T/mails/null"
ok 'the null sender is accepted' sends "$T/mails/null" "$DESK" '<>'
is 'it is the empty one in the ledger' "$(ledger 'd["sender"]')" ''

mail 'Zoé <zoe@client.test>' "$DESK" 'Deux guichets' 'Pour les deux.' \
    'Message-ID: <two@client.test>' >"$T/mails/two"
mw queue add sales --address sales@acme.example --prefix VEN >/dev/null
like 'a queue that is not in the map yet is refused' \
    "$(send "$T/mails/two" sales@acme.example)" '^<\*\* 550 5\.1\.1'
postfix_map
postfix_reload
ok 'after "queue map" and reload it is accepted' \
    send "$T/mails/two" 'sales@acme.example,support@acme.example' zoe@client.test
postfix_settled 20
is 'two recipients of one mail are two deliveries' \
    "$(mw ledger --json | json 'sorted(r["ticket"][:3] for r in all if "two@client.test" in r["message_id"])')" \
    '["SUP", "VEN"]'
is 'nothing was bounced so far' "$(postfix_log | grep -c 'status=bounced')" 0
postfix_stop
rm -rf "$POSTFIX"

# --- the desk in a domain of its own --------------------------------------------------------
postfix_new subdomain && postfix_start || exit 1
mail 'Zoé <zoe@client.test>' "$DESK" 'Par le sous-domaine' 'Bonjour.' >"$T/mails/sub"
ok 'subdomain: a mail to the desk is accepted' send "$T/mails/sub" support+sub@acme.example
like 'subdomain: an unknown address is refused at RCPT TO' \
    "$(send "$T/mails/sub" nobody-here@acme.example)" '^<\*\* 550 5\.1\.1'
postfix_settled 20
is 'subdomain: the mail is a ticket' "$(ledger 'd["verdict"], d["recipient"]')" \
    '["ticket", "support+sub@acme.example"]'
postfix_stop
rm -rf "$POSTFIX"

# --- mailboxes of the domain in virtual_mailbox_domains -------------------------------------
postfix_new subdomain relay_domains= relay_recipient_maps= \
    virtual_mailbox_domains=acme.example "virtual_mailbox_maps=texthash:$T/postfix/mailwicket-queues" &&
    postfix_start || exit 1
mail 'Zoé <zoe@client.test>' "$DESK" 'Par le domaine virtuel' 'Bonjour.' >"$T/mails/virtual"
ok 'virtual mailboxes: a mail to the desk is accepted' send "$T/mails/virtual"
like 'virtual mailboxes: an unknown address is refused at RCPT TO' \
    "$(send "$T/mails/virtual" nobody-here@acme.example)" '^<\*\* 550 5\.1\.1'
postfix_settled 20
is 'virtual mailboxes: the mail is a ticket' "$(ledger 'd["verdict"]')" ticket
postfix_stop
rm -rf "$POSTFIX"

[ "$WIRING" = pipe ] || finish

# --- whatever happens to the program, the mail stays ----------------------------------------
for status in 1 2 64 66 68 69 70 71 72 73 74 75 76 78 79 100 126 127 139 255; do
    echo "exit $status" >"$T/odd/exit$status"
done
echo 'kill -SEGV $$' >"$T/odd/segv"
echo 'kill -ABRT $$' >"$T/odd/abrt"
echo 'kill -ALRM $$' >"$T/odd/alarm"
echo 'echo "5.7.1 words of a stranger"; exit 75' >"$T/odd/says5"
echo 'echo "error while loading shared libraries"; exit 127' >"$T/odd/nolibrary"
kept=$(cd "$T/odd" && ls)
echo 'exit 65' >"$T/odd/toobig"
echo 'exit 67' >"$T/odd/nouser"
echo 'exit 77' >"$T/odd/refused"

MDA=$T/bin/odd postfix_new own-domain && sink_start && postfix_start || exit 1
recipients=$(cd "$T/odd" && printf 'support+%s@acme.example,' *)
ok 'all these mails are accepted' send "$T/mails/question" "${recipients%,}"
postfix_settled 60 deferred
postfix_log >"$T/odd.log"
for name in $kept; do
    like "a mail is kept and tried again: $name" \
        "$(grep "to=<support+$name@" "$T/odd.log")" 'dsn=4\.[0-9.]+, status=deferred'
done
like 'only a refusal on purpose goes back: too large' \
    "$(grep 'to=<support+toobig@' "$T/odd.log")" 'dsn=5\.6\.0, status=bounced'
like 'only a refusal on purpose goes back: no such address' \
    "$(grep 'to=<support+nouser@' "$T/odd.log")" 'dsn=5\.1\.1, status=bounced'
like 'only a refusal on purpose goes back: not allowed' \
    "$(grep 'to=<support+refused@' "$T/odd.log")" 'dsn=5\.7\.0, status=bounced'
sink_has() { [ "$(find "$T/sink" -type f | wc -l)" -ge 1 ]; }
ok 'the sender is told' eventually 20 sink_has
bounces=$(cat "$T"/sink/*)
is 'of these three and no other' "$(grep -c '^Final-Recipient:' <<<"$bounces")" 3
unlike 'without naming the program or its arguments' "$bounces" 'bin/odd|--sender'

finish
