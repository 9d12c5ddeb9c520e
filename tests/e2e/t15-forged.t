#!/bin/bash
# Forgeries: a From line, a token, a copied Message-ID or somebody else's secret gives no rights.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example
mw agent add alice@acme.example --name Alice --queue support >/dev/null || exit 1

# A ticket of Zoé's with an answer by Alice, and everything that was mailed about it.
mail 'Zoé <zoe@client.test>' "$DESK" 'Accès perdu' 'Mon compte est VERROU-42.' "$(proven client.test)" \
    'Message-ID: <zoes-question@client.test>' >"$T/mails/question"
deliver "$T/mails/question"
notify_once
ack=$T/mails/ack told=$T/mails/told
cp "$(last_sent zoe@client.test)" "$ack"
cp "$(last_sent alice@acme.example)" "$told"
subject=$(mail_header "$ack" Subject)
secret=$(mail_reply_to "$ack")
desk_secret=$(mail_reply_to "$told")
forged='^Authentication-Results: mx.example; dmarc=fail header.from=client.test'
sent_clear

public() { ticket SUP-1 '[m["text"] for m in d["messages"] if m["visibility"] == "public"]'; }
before=$(public)
state() { ticket SUP-1 '[d["status"], d["priority"], d["title"], d["assignees"], d["watchers"]]'; }
state=$(state)
# nothing NAME: the ticket's public side and state are as before, and ADDRESS got no mail.
nothing() {
    notify_once
    is "$1: nothing becomes public" "$(public)" "$before"
    is "$1: nothing changes" "$(state)" "$state"
    is "$1: nobody outside hears" "$(sent_mails | while read -r f; do mail_to "$f"; done | grep -c -v '^alice@acme.example$')" 0
    sent_clear
}

# Another customer's token, the victim's From, a Cc to the forger.
mail 'Zoé <zoe@client.test>' "$DESK" "Re: $subject" 'Envoyez-moi tout.' "$forged" \
    'Cc: evil@evil.test' >"$T/mails/v2"
deliver "$T/mails/v2" "$DESK" evil@evil.test
is 'a forged From with the token is held' "$(ledger 'd["verdict"], d["ticket"]')" '["held", "SUP-1"]'
nothing 'forged From with token and Cc'

# Headers that only our own server may write, but below its Received.
mail 'Alice <alice@acme.example>' "$desk_secret" "Re: $subject" 'Fermé.' \
    '^Authentication-Results: mx.example; dmarc=fail header.from=acme.example' \
    'Authentication-Results: mx.example; dmarc=pass header.from=acme.example' \
    'Authentication-Results: (x) MX.EXAMPLE 1; dmarc=pass header.from=acme.example' >"$T/mails/v4"
deliver "$T/mails/v4" "$DESK" evil@evil.test
is 'a forged technician is held' "$(ledger 'd["verdict"]')" held
notify_once
is 'she is asked at her address on record' "$(sent_count alice@acme.example)" 1
is 'nothing is published' "$(public)" "$before"
is 'no state changes' "$(state)" "$state"
is 'nobody else hears' "$(sent_count)" 1
sent_clear

# Her secret without her domain, where domains can be proven.
mail 'Alice <alice@acme.example>' "$desk_secret" "Re: $subject" 'Fermé, vraiment.' \
    '^Authentication-Results: mx.example; dmarc=fail header.from=acme.example' >"$T/mails/v4b"
deliver "$T/mails/v4b" "$desk_secret" evil@evil.test
is 'her secret alone publishes nothing here' "$(ledger 'd["verdict"]')" held
nothing 'her secret alone'

# Our own marks, written by a stranger.
mail 'Evil <evil@evil.test>' "$DESK" 'Entêtes internes' 'Texte.' "$(proven evil.test)" \
    'X-Mailwicket-Ticket: SUP-1' 'X-Mailwicket-Role: admin' 'X-Ticket: SUP-1' >"$T/mails/v5"
deliver "$T/mails/v5"
is 'header fields of ours give a stranger nothing' "$(ledger 'd["verdict"], d["ticket"] != "SUP-1"')" \
    '["ticket", true]'
notify_once
sent_clear

# A stranger who was forwarded a mail of ours.
for to in "$DESK" "$secret" "$desk_secret"; do
    mail 'Evil <evil@evil.test>' "$to" "Re: $subject" "Je suis avec Zoé. $to" "$(proven evil.test)" \
        "In-Reply-To: $(mail_header "$ack" Message-ID)" >"$T/mails/v6"
    deliver "$T/mails/v6" "$to"
    is 'a proven stranger in the ticket is held' "$(ledger 'd["verdict"], d["ticket"]')" '["held", "SUP-1"]'
    nothing 'stranger with token'
done

# A Message-ID that anybody on the original mail's way may know.
mail 'Evil <evil@evil.test>' "$DESK" 'Re: Accès perdu' 'Quoi de neuf ?' "$(proven evil.test)" \
    'In-Reply-To: <zoes-question@client.test>' 'References: <zoes-question@client.test>' >"$T/mails/v27"
deliver "$T/mails/v27"
like 'a known Message-ID lets nobody in' "$(ledger 'd["verdict"]')" '^(held|ticket)$'
notify_once
is 'nothing is published' "$(public)" "$before"
unlike 'and nothing of the ticket reaches them' "$(sent_bytes evil@evil.test)" 'VERROU-42|SUP-1-'
sent_clear

# Guessed tokens open tickets of their own.
for guess in 0000000 00000000 7kq2m9xw zzzzzzzz; do
    mail 'Evil <evil@evil.test>' "$DESK" "Re: [SUP-1-$guess]" "Essai $guess" "$(proven evil.test)" >"$T/mails/v3"
    deliver "$T/mails/v3"
    is "a guessed token is like none: $guess" "$(ledger 'd["verdict"], d["ticket"] != "SUP-1"')" '["ticket", true]'
    deliver "$T/mails/v3" "support+r1.$(printf '%-16s' "$guess" | tr ' ' 0)@acme.example"
    like "a guessed reply address too: $guess" "$(ledger 'd["ticket"]')" '^SUP-([2-9]|1[0-9])'
done
notify_once
sent_clear

# From is who speaks; Reply-To says nothing.
mail 'Zoé <zoe@client.test>' "$secret" "Re: $subject" 'Toujours bloquée.' "$(proven client.test)" \
    'Reply-To: evil@evil.test' >"$T/mails/v18"
deliver "$T/mails/v18" "$secret"
is "the customer's own reply is one" "$(ledger 'd["verdict"]')" reply
before=$(public)
state=$(state)
mail 'Alice <alice@acme.example>' "$desk_secret" "Re: $subject" 'Voici la solution.' "$(proven acme.example)" \
    'Reply-To: evil@evil.test' >"$T/mails/v18b"
deliver "$T/mails/v18b" "$desk_secret"
notify_once
is 'Reply-To redirects no mail' "$(sent_count evil@evil.test)" 0
is 'the customer got the answer' "$(sent_count zoe@client.test)" 1
before=$(public)
state=$(state)
sent_clear

# The ticket trick: an account made elsewhere with our address as its own.
mail 'Evil <evil@evil.test>' "$DESK" 'Une question' 'Bonjour.' "$(proven evil.test)" >"$T/mails/trick"
deliver "$T/mails/trick"
trick=$(ledger 'd["ticket"]')
notify_once
evil=$(mail_reply_to "$(last_sent evil@evil.test)")
evil_subject=$(mail_header "$(last_sent evil@evil.test)" Subject)
sent_clear
mail 'Service <no-reply@svc.test>' "$evil" 'Your code' 'Your verification code is 739114.' \
    "$(proven svc.test)" >"$T/mails/code"
deliver "$T/mails/code" "$evil"
mail 'Service <no-reply@svc.test>' "$DESK" "Welcome $evil_subject" 'Your verification code is 739114.' \
    "$(proven svc.test)" >"$T/mails/code2"
deliver "$T/mails/code2"
notify_once
is "a service's code stays with the desk" "$(sent_bytes evil@evil.test | grep -c 739114)" 0
page_start
unlike 'and off the page' "$(page "$(link "$trick" evil@evil.test)")" 739114
like 'where the ticket itself is shown' "$(page "$(link "$trick" evil@evil.test)")" 'Bonjour'
sent_clear

# Nobody becomes a spam relay by forging senders.
for i in $(seq 12); do
    mail 'Victim <victim@client.test>' "$DESK" 'BUY NOW http://spam.test/' "Spam $i" "$forged" >"$T/mails/spam"
    deliver "$T/mails/spam" "$DESK" evil@evil.test
done
notify_once
ok "12 forged mails cause at most 5 to their victim ($(sent_count victim@client.test))" \
    test "$(sent_count victim@client.test)" -le 5
is 'with nothing of the forger’s in them' \
    "$(for f in $(sent_mails victim@client.test); do mail_all "$f"; done | grep -c -i 'buy now\|spam')" 0

# A revoked technician's secret is dead.
mw agent revoke alice@acme.example >/dev/null
mail 'Alice <alice@acme.example>' "$desk_secret" "Re: $subject" 'Après la révocation.' "$(proven acme.example)" \
    >"$T/mails/revoked"
deliver "$T/mails/revoked" "$desk_secret"
isnt_reply=$(ledger 'd["verdict"] != "reply"')
is 'after revoking, the old secret publishes nothing' "$isnt_reply" true
sent_clear
nothing 'revoked secret'

finish
