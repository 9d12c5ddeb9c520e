#!/bin/bash
# 200 mails at concurrency 8: the same new person at once, replies that overtake the mail they
# answer, the same mail twice. Every mail is accounted for once and no number is given twice.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example limits.acknowledgements_per_hour=1000 limits.tickets_per_hour=1000
mw agent add alice@acme.example --name Alice --queue support >/dev/null || exit 1

box=$T/mails/box
mkdir "$box"
# 40 mails of one new person, 60 of as many others; the names are the order of delivery.
for i in $(seq 40); do
    mail 'Nouveau Venu <new@client.test>' "$DESK" "Question $i" "Texte $i." \
        "Message-ID: <same$i@client.test>" "$(proven client.test)" >"$box/a$i"
done
for i in $(seq 60); do
    mail "Client $i <c$i@client.test>" "$DESK" "Panne $i" "Texte $i." \
        "Message-ID: <one$i@client.test>" "$(proven client.test)" >"$box/b$i"
done
# 40 pairs: a mail and its sender's reply to it, shuffled together below.
for i in $(seq 40); do
    mail "Paire $i <p$i@client.test>" "$DESK" "Paire $i" "Parent $i." \
        "Message-ID: <parent$i@client.test>" "$(proven client.test)" >"$box/p$i"
    mail "Paire $i <p$i@client.test>" "$DESK" "Re: Paire $i" "Suite $i." \
        "Message-ID: <child$i@client.test>" "$(proven client.test)" "In-Reply-To: <parent$i@client.test>" \
        "References: <parent$i@client.test>" >"$box/q$i"
done
# 20 mails that Postfix hands over twice at the same time.
for i in $(seq 20); do
    mail "Double $i <d$i@client.test>" "$DESK" "Double $i" "Texte $i." \
        "Message-ID: <double$i@client.test>" "$(proven client.test)" >"$box/d$i"
done
list=$(cd "$box" && { ls; ls | grep '^d'; } | shuf --random-source=<(yes))
is 'there are 220 deliveries of 200 mails' "$(wc -l <<<"$list"), $(ls "$box" | wc -l)" '220, 200'

cat >"$T/bin/drop" <<END
#!/bin/sh
$T/bin/mailwicket-mda --sender "\$1@client.test" --recipient $DESK <"$box/\$1"
echo "\$?"
END
chmod 755 "$T/bin/drop"
as_desk xargs -P 8 -n 1 "$T/bin/drop" <<<"$list" >"$T/statuses" 2>&1
is 'every delivery is answered with 0' "$(sort "$T/statuses" | uniq -c | xargs)" '220 0'

mw ledger --json >"$T/ledger"
json_of() { json "$1" <"$T/ledger"; }
is 'the ledger has a row a delivery' "$(json_of 'len(all)')" 220
is 'of these 20 are duplicates' "$(json_of '[r["verdict"] for r in all].count("duplicate")')" 20
is 'every mail was taken once' \
    "$(json_of 'len({r["message_id"] for r in all if r["verdict"] != "duplicate"})')" 200
is 'no verdict but ticket, reply and duplicate' \
    "$(json_of 'sorted({r["verdict"] for r in all})')" '["duplicate", "reply", "ticket"]'
is 'ticket numbers are given once, without a gap' \
    "$(json_of 'sorted(int(r["ticket"][4:]) for r in all if r["verdict"] == "ticket") == list(range(1, 161))')" true
is 'each pair shares a ticket, whichever came first' "$(json '
sum(1 for i in range(1, 41)
    if len({r["ticket"] for r in all if f"parent{i}@" in r["message_id"] or f"child{i}@" in r["message_id"]}) == 1)' <"$T/ledger")" 40
is 'one of each pair opened it, the other joined it' "$(json '
sum(1 for i in range(1, 41)
    if sorted(r["verdict"] for r in all if f"parent{i}@" in r["message_id"] or f"child{i}@" in r["message_id"]) == ["reply", "ticket"])' <"$T/ledger")" 40

mw ticket list --json >"$T/tickets"
is 'there are as many tickets' "$(json 'len(all)' <"$T/tickets")" 160
is 'the new person is one person, and so is everybody else' \
    "$(as_desk sqlite3 "$SITE/data/mailwicket.db" 'SELECT count(*) FROM person')" 122

ok 'the notifier drains the outbox' notify_once
is 'everybody got one acknowledgement a ticket' \
    "$(sent_mails | while read -r file; do echo "$file"; done | xargs grep -l -i '^To: .*client\.test' | wc -l)" 160
finish
