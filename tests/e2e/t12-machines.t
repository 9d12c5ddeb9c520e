#!/bin/bash
# Machines: whatever says in its header that nobody sits there gets no answer, wakes nothing and
# starts no loop.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example
mw agent add alice@acme.example --name Alice --queue support >/dev/null || exit 1

# A person, to show that silence below is not for want of trying.
mail 'Zoé <zoe@person.test>' "$DESK" 'Bonjour' 'Une question.' "$(proven person.test)" >"$T/mails/person"
deliver "$T/mails/person"
mail 'Yann <yann@person.test>' "$DESK" 'Bonjour' 'Une question.' "$(proven person.test)" \
    'Auto-Submitted: no' >"$T/mails/no"
deliver "$T/mails/no"
notify_once
is 'a person is acknowledged' "$(sent_count zoe@person.test)" 1
is '"Auto-Submitted: no" is a person' "$(sent_count yann@person.test)" 1
sent_clear

# --- one header a mail ----------------------------------------------------------------------
number=0
while read -r header; do
    number=$((number + 1))
    case $header in
    'From: '*) mail x "$DESK" "Robot $number" "Je suis absent." "$(proven robot.test)" "$header" ;;
    *) mail "Robot <m$number@robot.test>" "$DESK" "Robot $number" "Je suis absent." \
        "$(proven robot.test)" "$header" ;;
    esac >"$T/mails/robot"
    deliver "$T/mails/robot" "$DESK" "m$number@robot.test"
    is "taken: $header" "$?" 0
    unlike "no ticket for: $header" "$(ledger 'd["verdict"]')" '^(ticket|reply)$'
done <<'END'
Auto-Submitted: auto-replied
Auto-Submitted: auto-generated
Auto-Submitted: auto-notified; owner-email="x@robot.test"
Precedence: bulk
Precedence: junk
Precedence: list
Precedence: auto_reply
List-Id: <news.robot.test>
List-Unsubscribe: <mailto:off@robot.test>
X-Auto-Response-Suppress: All
X-Auto-Response-Suppress: OOF, AutoReply
From: MAILER-DAEMON@robot.test
From: Mail Delivery System <mailer-daemon@robot.test>
END

mail 'Zoé <m90@robot.test>' "$DESK" 'Enveloppe vide' 'Rien.' "$(proven robot.test)" >"$T/mails/null"
deliver "$T/mails/null" "$DESK" ''
unlike 'no ticket for the null sender' "$(ledger 'd["verdict"]')" '^(ticket|reply)$'

mail 'Zoé <m91@robot.test>' "$DESK" 'Undelivered Mail' "--b
Content-Type: text/plain

Not delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.robot.test

Final-Recipient: rfc822; nobody@robot.test
Action: failed
Status: 5.1.1
--b--" "$(proven robot.test)" \
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b' >"$T/mails/dsn"
deliver "$T/mails/dsn" "$DESK" ''
is 'a delivery report is a bounce' "$(ledger 'd["verdict"]')" bounce

mail 'Zoé <m92@robot.test>' "$DESK" 'Lu : Bonjour' "--b
Content-Type: text/plain

Lu.
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; m92@robot.test
Disposition: manual-action/MDN-sent-manually; displayed
--b--" "$(proven robot.test)" \
    'Content-Type: multipart/report; report-type=disposition-notification; boundary=b' >"$T/mails/mdn"
deliver "$T/mails/mdn"
is 'a read receipt is a receipt' "$(ledger 'd["verdict"]')" receipt

notify_once
is 'none of them was answered' \
    "$(sent_mails | while read -r file; do mail_to "$file"; done | grep -c 'robot\.test')" 0

# --- into a ticket, by the right secret -----------------------------------------------------
sent_clear
mail 'Zoé <zoe@person.test>' "$DESK" 'Deuxième' 'Autre question.' "$(proven person.test)" >"$T/mails/second"
deliver "$T/mails/second"
id=$(ledger 'd["ticket"]')
notify_once
ack=$T/mails/ack
cp "$(last_sent zoe@person.test)" "$ack"
mw ticket set "$id" --status resolved
notify_once
sent_clear
answer "$ack" 'Zoé <zoe@person.test>' 'Je suis en vacances jusqu’au 12.' "$(proven person.test)" \
    'Auto-Submitted: auto-replied' 'Precedence: bulk' >"$T/mails/vacation"
ok 'a vacation answer to a secret address is taken' deliver "$T/mails/vacation" "$(mail_reply_to "$ack")"
is 'the ledger calls it one' "$(ledger 'd["verdict"], d["ticket"]')" "[\"auto-reply\", \"$id\"]"
is 'it reopens nothing' "$(ticket "$id" 'd["status"]')" resolved
notify_once
is 'it makes no mail' "$(sent_count)" 0
unlike 'the customer’s view has no trace of it' \
    "$(ticket "$id" '[m["text"] for m in d["messages"] if m["visibility"] == "public"]')" 'vacances'

# --- our own mail, come back ----------------------------------------------------------------
deliver "$ack" "$DESK" zoe@person.test
is 'our own mail that comes back is a loop' "$(ledger 'd["verdict"]')" loop
notify_once
is 'it makes no mail' "$(sent_count)" 0

# --- a queue for monitoring -----------------------------------------------------------------
mw queue add alerts --address alerts@acme.example --prefix ALR --machines ticket >/dev/null
mw agent add bob@acme.example --name Bob --queue alerts >/dev/null
like 'a queue says that machines open its tickets' "$(mw queue list)" 'alerts.*machines open tickets'
sent_clear
mail 'Nagios <nagios@robot.test>' alerts@acme.example 'PROBLEM: db1 is DOWN' 'db1 is DOWN' \
    'Auto-Submitted: auto-generated' >"$T/mails/alert"
deliver "$T/mails/alert" alerts@acme.example nagios@robot.test
is 'an alert opens a ticket there' "$(ledger 'd["verdict"], d["ticket"]')" '["ticket", "ALR-1"]'
notify_once
is 'which its team is told' "$(sent_count bob@acme.example)" 1
is 'and its sender is not' "$(sent_count nagios@robot.test)" 0
deliver "$T/mails/alert" "$DESK" nagios@robot.test
is 'elsewhere it is held' "$(ledger 'd["verdict"]')" held
ok 'the queue is changed' mw queue set alerts --machines hold
mail 'Nagios <nagios@robot.test>' alerts@acme.example 'PROBLEM: db2 is DOWN' 'db2 is DOWN' \
    'Auto-Submitted: auto-generated' >"$T/mails/alert2"
deliver "$T/mails/alert2" alerts@acme.example nagios@robot.test
is 'then alerts are held there too' "$(ledger 'd["verdict"]')" held

# --- two desks that acknowledge each other --------------------------------------------------
# Somebody forges a question from one desk to the other; neither knows the other for a machine
# but by what its mails say.
site_new globex mail.authserv_id=mx.example
mail 'Support <support@acme.example>' support@globex.example 'Bonjour' 'Une question.' \
    "$(proven acme.example)" >"$T/mails/forged"
deliver "$T/mails/forged" support@globex.example
site_use acme
sent_clear
turns=0 total=0 other=globex
while [ "$turns" -lt 10 ]; do
    turns=$((turns + 1))
    site_use "$other"
    notify_once
    carried=$(sent_mails)
    [ "$other" = globex ] && next=acme || next=globex
    moved=0
    for file in $carried; do
        to=$(mail_to "$file")
        [[ $to == *@$next.example ]] || continue
        moved=$((moved + 1))
        { echo 'Authentication-Results: mx.example; dmarc=pass header.from='"$other.example"; cat "$file"; } \
            >"$T/mails/carried.$turns.$moved"
    done
    sent_clear
    [ "$moved" -gt 0 ] || break
    total=$((total + moved))
    site_use "$next"
    for file in "$T/mails/carried.$turns".*; do
        deliver "$file" "$(mail_to "$file")" ''
    done
    other=$next
done
ok "two desks that write to each other end within 2 mails ($total)" test "$total" -le 2

finish
