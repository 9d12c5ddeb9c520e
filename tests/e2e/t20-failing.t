#!/bin/bash
# Addresses that take our mail no more: paused by their server's word at the secret address alone,
# told to the team once, resumed by an administrator. A technician's receipt. And what is held
# without a word: the block list, and what the mail filter marks as spam.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example mail.ask_receipts=yes
mw agent add alice@acme.example --name Alice --queue support >/dev/null || exit 1

# report FILE ACTION STATUS: what a server says about FILE, one of our mails.
report() {
    mail 'MAILER-DAEMON@mx.person.test' "$DESK" 'Undelivered Mail' "--b
Content-Type: text/plain

About your mail.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.person.test

Final-Recipient: rfc822; $(mail_to "$1")
Action: $2
Status: $3
--b
Content-Type: text/rfc822-headers

Message-ID: $(mail_header "$1" Message-ID)

--b--" 'Content-Type: multipart/report; report-type=delivery-status; boundary=b'
}

mail 'Zoé <zoe@person.test>' "$DESK" 'Bonjour' 'Une question.' "$(proven person.test)" >"$T/mails/first"
deliver "$T/mails/first"
id=$(ledger 'd["ticket"]')
notify_once
told=$T/mails/told
cp "$(last_sent alice@acme.example)" "$told"

# --- what is asked of technicians -----------------------------------------------------------
like 'a technician is asked for a receipt' "$(mail_header "$told" Disposition-Notification-To)" '\+v'
unlike 'which is then not suppressed' "$(mail_header "$told" X-Auto-Response-Suppress)" '(^|[ ,])RN'
is 'a customer is not asked' \
    "$(mail_header "$(last_sent zoe@person.test)" Disposition-Notification-To)" ''

# --- a receipt ------------------------------------------------------------------------------
mail 'Alice <alice@acme.example>' "$DESK" 'Lu' "--b
Content-Type: text/plain

Lu.
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; alice@acme.example
Original-Message-ID: $(mail_header "$told" Message-ID)
Disposition: manual-action/MDN-sent-manually; displayed
--b--" 'Content-Type: multipart/report; report-type=disposition-notification; boundary=b' \
    >"$T/mails/receipt"
receipts=$(mail_header "$told" Disposition-Notification-To | tr -d '<>')
deliver "$T/mails/receipt" "$receipts" ''
is 'her receipt is one' "$(ledger 'd["verdict"], d["ticket"]')" "[\"receipt\", \"$id\"]"
is 'and the ticket is seen' "$(ticket "$id" 'd["status"]')" seen

# --- a failure ------------------------------------------------------------------------------
answer "$told" 'Alice <alice@acme.example>' 'Essayez de redémarrer.' "$(proven acme.example)" >"$T/mails/answer"
deliver "$T/mails/answer" "$(mail_reply_to "$told")"
is 'the answer is one' "$(ledger 'd["verdict"]')" reply
notify_once
lost=$T/mails/lost
cp "$(last_sent zoe@person.test)" "$lost"
secret=$(mail_header "$told" Disposition-Notification-To | tr -d '<>')
sent_clear

report "$lost" failed 5.1.1 >"$T/mails/forged"
deliver "$T/mails/forged" "$DESK" ''
is 'a failure told to the plain address is noted' "$(ledger 'd["verdict"], d["ticket"]')" "[\"bounce\", \"$id\"]"
is 'and pauses nobody' "$(mw address list)" ''

report "$told" failed 5.2.1 >"$T/mails/technician"
deliver "$T/mails/technician" "$secret" ''
like 'a technician’s failing address is paused' "$(mw address list)" 'alice@acme\.example +5\.2\.1 this mailbox is disabled'
notify_once
is 'and no mail about it goes there' "$(sent_count alice@acme.example)" 0
ok 'an administrator resumes it' mw address resume alice@acme.example
is 'then none is paused' "$(mw address list)" ''
mw address resume alice@acme.example >/dev/null 2>&1
is 'twice is refused' "$?" 1

# --- who is blocked -------------------------------------------------------------------------
sent_clear
ok 'a domain is blocked' mw block add shop.test
mail 'Promo <promo@mail.shop.test>' "$DESK" 'Promo' 'Achetez.' "$(proven mail.shop.test)" >"$T/mails/promo"
deliver "$T/mails/promo"
is 'its mail is held' "$(ledger 'd["verdict"], d["reason"]')" '["held", "block list"]'
notify_once
is 'and nobody is told' "$(sent_count)" 0
like 'the list of held mail has it' "$(mw held list)" 'block list'
ok 'a domain is taken off' mw block remove shop.test
is 'then nobody is blocked' "$(mw block list)" ''

# --- spam -----------------------------------------------------------------------------------
site_set 'mail.spam_header=X-Spam-Flag: ^(YES'
mw queue list >/dev/null 2>"$T/err"
is 'a pattern that is none stops every program' "$?" 2
like 'and is named, with the place where it goes wrong' "$(cat "$T/err")" \
    'mailwicket.conf: \[mail\] spam_header: .*character 6'
mail 'Zoé <zoe@person.test>' "$DESK" 'Pas encore' 'Une question.' "$(proven person.test)" >"$T/mails/early"
deliver "$T/mails/early"
is 'mail waits meanwhile' "$?" 75
site_set 'mail.spam_header=X-Spam-Flag: ^YES'
sent_clear
mail 'Zoé <zoe@person.test>' "$DESK" 'Gagnez' 'Un million.' "$(proven person.test)" \
    'X-Spam-Flag: YES' >"$T/mails/spam"
deliver "$T/mails/spam"
is 'what the filter marks is held' "$(ledger 'd["verdict"], d["reason"]')" \
    '["held", "spam, says the mail filter"]'
notify_once
is 'and nobody is told' "$(sent_count)" 0
like 'the list of held mail has it' "$(mw held list)" 'spam, says the mail filter'
deliver "$T/mails/early"
is 'what waited is a ticket' "$(ledger 'd["verdict"]')" ticket

finish
