#!/bin/bash
# The whole loop: a question, its acknowledgement, the technician's answer, the customer's reply,
# and the page that shows it all.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example
mw agent add alice@acme.example --name 'Alice Durand' --queue support >/dev/null || exit 1

# --- the question ---------------------------------------------------------------------------
mail 'Zoé Martin <zoe@client.test>' "$DESK" '=?utf-8?q?Imprimante_b=C3=A9gueule?=' \
    'Bonjour,

L’imprimante du 2e étage clignote en rouge.

Zoé' "$(proven client.test)" 'Message-ID: <question@client.test>' >"$T/mails/question"
ok 'the question is taken' deliver "$T/mails/question"
is 'the program says nothing' "$(cat "$SITE/mda.out")" ''
is 'it is a ticket' "$(ledger 'd["verdict"], d["ticket"]')" '["ticket", "SUP-1"]'
is 'its title is the decoded subject' "$(ticket SUP-1 'd["title"]')" 'Imprimante bégueule'
is 'its requester is the sender' "$(ticket SUP-1 'd["requester"]["address"]')" zoe@client.test
is 'it is new' "$(ticket SUP-1 'd["status"]')" new

ok 'the notifier drains the outbox' notify_once
is 'the customer gets one mail' "$(sent_count zoe@client.test)" 1
is 'the technician gets one mail' "$(sent_count alice@acme.example)" 1
ack=$(last_sent zoe@client.test)
told=$(last_sent alice@acme.example)
cp "$ack" "$T/mails/ack"; cp "$told" "$T/mails/told"
ack=$T/mails/ack told=$T/mails/told
like 'the acknowledgement names the ticket' "$(mail_header "$ack" Subject)" '\[SUP-1-[0-9a-z]{8}\]'
like 'it keeps the subject' "$(mail_header "$ack" Subject)" 'Imprimante bégueule'
like 'it is threaded to the question' "$(mail_header "$ack" In-Reply-To)" '<question@client.test>'
like 'it says that a machine wrote it' "$(mail_header "$ack" Auto-Submitted)" '^auto-'
like 'it holds the page link' "$(mail_text "$ack")" 'https://desk.acme.example/ticket/[0-9a-z]+'
like 'the technician reads the question' "$(mail_text "$told")" 'clignote en rouge'
like 'each has a reply address of their own' "$(mail_reply_to "$told")" \
    '^support\+r[0-9]+\.[0-9a-z]{16}@acme\.example$'
unlike 'the customer never sees the technician’s' "$(mail_all "$ack")" \
    "$(mail_reply_to "$told" | sed 's/+/\\+/')"

# --- the technician's answer ----------------------------------------------------------------
sent_clear
{
    printf '%%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n'
} >"$T/manual.pdf"
answer "$told" 'Alice Durand <alice@acme.example>' X >"$T/mails/shape"
mail 'Alice Durand <alice@acme.example>' "$(mail_reply_to "$told")" "$(mail_header "$T/mails/shape" Subject)" \
    "--b
Content-Type: text/plain; charset=utf-8

Bonjour Zoé, changez le tambour : voir le manuel.

--b
Content-Type: application/pdf; name=manuel.pdf
Content-Disposition: attachment; filename=manuel.pdf
Content-Transfer-Encoding: base64

$(base64 "$T/manual.pdf")
--b--" 'Content-Type: multipart/mixed; boundary=b' "$(proven acme.example)" \
    "In-Reply-To: $(mail_header "$told" Message-ID)" >"$T/mails/reply"
ok "the technician's answer is taken" deliver "$T/mails/reply" "$(mail_reply_to "$told")"
is 'it is a reply' "$(ledger 'd["verdict"], d["ticket"]')" '["reply", "SUP-1"]'
is 'the ticket is open now' "$(ticket SUP-1 'd["status"]')" open
notify_once
is 'the customer gets one mail' "$(sent_count zoe@client.test)" 1
is 'the technician is not told of their own words' "$(sent_count alice@acme.example)" 0
news=$T/mails/news
cp "$(last_sent zoe@client.test)" "$news"
like 'the customer reads the answer' "$(mail_text "$news")" 'changez le tambour'
is 'the attachment came through byte for byte' \
    "$(mail_part application/pdf "$news" | sha256sum)" "$(sha256sum <"$T/manual.pdf")"
is 'the subject is the same as in the acknowledgement, so that clients keep one thread' \
    "$(mail_header "$news" Subject | sed 's/^Re: //')" "$(mail_header "$ack" Subject | sed 's/^Re: //')"
like 'the thread hangs on the question' "$(mail_header "$news" References)" '<question@client.test>'
is "the technician's secret reaches nobody" \
    "$(grep -c -F "$(mail_reply_to "$told")" "$news")" 0

# --- the customer's reply -------------------------------------------------------------------
sent_clear
answer "$news" 'Zoé Martin <zoe@client.test>' 'Merci, ça marche !' "$(proven client.test)" \
    >"$T/mails/thanks"
ok "the customer's reply is taken" deliver "$T/mails/thanks" "$(mail_reply_to "$news")"
is 'it is a reply to the same ticket' "$(ledger 'd["verdict"], d["ticket"]')" '["reply", "SUP-1"]'
like 'its proofs stand in the ledger' "$(ledger 'd["proofs"]')" 'secret'
is 'what counts is what the customer wrote now' "$(ticket SUP-1 'd["messages"][-1]["text"].strip()')" \
    'Merci, ça marche !'
notify_once
is 'the technician gets one mail' "$(sent_count alice@acme.example)" 1
is 'the customer gets none' "$(sent_count zoe@client.test)" 0
like 'the technician reads the reply' "$(mail_text "$(last_sent alice@acme.example)")" 'ça marche'
is 'the ticket has three messages' "$(ticket SUP-1 'len(d["messages"])')" 3
is 'the same reply once more changes nothing' \
    "$(deliver "$T/mails/thanks" "$(mail_reply_to "$news")"; echo $?; ledger 'd["verdict"]'; ticket SUP-1 'len(d["messages"])')" \
    '0
duplicate
3'

# --- a mail program that marks no quotes ----------------------------------------------------
mail 'Zoé Martin <zoe@client.test>' "$(mail_reply_to "$news")" "Re: $(mail_header "$news" Subject)" \
    "Une question encore : où le commander ?

$(mail_text "$news" | tr -d '\r')" "$(proven client.test)" \
    "In-Reply-To: $(mail_header "$news" Message-ID)" >"$T/mails/bare"
ok 'a reply above our mail without marks is taken' deliver "$T/mails/bare" "$(mail_reply_to "$news")"
is 'our mail is no word of the customer’s' "$(ticket SUP-1 'd["messages"][-1]["text"].strip()')" \
    'Une question encore : où le commander ?'
like 'explain says why' "$(mw explain "$T/mails/bare")" 'quoted: our own notification'
notify_once

# --- resolved, and the page -----------------------------------------------------------------
sent_clear
ok 'the admin resolves it' mw ticket set SUP-1 --status resolved
notify_once
is 'the customer hears of it' "$(sent_count zoe@client.test)" 1
is 'every change stands in its history' \
    "$(ticket SUP-1 '[e["to"] for e in d["events"] if e["what"] == "status"]')" '["open", "resolved"]'

page_start || exit 1
url=$(link SUP-1)
like 'the link is below base_url' "$url" '^https://desk\.acme\.example/ticket/[0-9a-z]+$'
shown=$(page "$url")
like 'the page shows the question' "$shown" 'clignote en rouge'
like 'the page shows the answer' "$shown" 'changez le tambour'
like 'the page shows the reply' "$shown" 'ça marche'
like 'the page shows the status in the language of the ticket' "$shown" '[Rr]ésolu'
unlike 'the page holds no reply address of anybody' "$shown" 'support(\+|%2[Bb])r[0-9]'
is 'the acknowledgement’s link opens the same page' \
    "$(page "$(mail_text "$ack" | grep -o 'https://[^ >]*/ticket/[0-9a-z]*' | head -1)" -o /dev/null -w '%{http_code}')" 200

finish
