#!/bin/bash
# A milter in front, as postfix-example/authentication.md has it: what it vouches for is believed,
# what a sender vouches for is not, and what it takes out of a mail does not hold the mail up.
. "$(dirname "$0")/../lib/site.sh"
. "$TESTS/lib/postfix.sh"
postfix_need

site_new acme mail.authserv_id=mx.example
mw agent add alice@acme.example --name Alice --queue support >/dev/null || exit 1
forged='Authentication-Results: mx.example; dmarc=pass header.from=client.test'
sends() { # FILE [RECIPIENT]
    send "$@" >/dev/null && postfix_settled 20
}

# milter INDEX [PARAMETER=VALUE…]: a Postfix with the milter in front.
milter() {
    local index=$1 port
    shift
    port=$(free_ports 1)
    python3 "$TESTS/lib/authmilter.py" "$port" mx.example "$index" 2>"$T/milter.log" &
    own $!
    postfix_new own-domain "smtpd_milters=inet:127.0.0.1:$port" "$@" && postfix_start || exit 1
}

# The header_checks that the example tells.
sed -n '/mailwicket-header-checks$/,/^$/s|^    \(/.*\)|\1|p' "$TESTS/../postfix-example/authentication.md" \
    >"$T/header-checks"
is 'the example has two rules for header_checks' "$(wc -l <"$T/header-checks")" 2

# --- above Postfix's Received -------------------------------------------------------------------
milter 0
mail 'Zoé <zoe@client.test>' "$DESK" 'Avec preuve' 'Bonjour.' >"$T/mails/proven"
sends "$T/mails/proven"
is 'the domain that the milter vouches for is proven' "$(ledger 'd["verdict"], d["proofs"]')" \
    '["ticket", ["domain"]]'
mail 'Zoé <zoe@client.test>' "$DESK" 'Sans preuve' 'Bonjour.' "$forged" "^${forged}" >"$T/mails/forged"
HELO=evil.test sends "$T/mails/forged"
is 'what a sender vouches for proves nothing' "$(ledger 'd["verdict"], d["proofs"]')" '["ticket", []]'
mail 'Zoé <zoe@client.test>' "$DESK" 'Entête retiré' 'Bonjour.' \
    "X-Remove: $(printf 'x%.0s' {1..900})" >"$T/mails/shorter"
ok 'a mail that the milter made shorter is not held up' sends "$T/mails/shorter"
is 'it is a ticket' "$(ledger 'd["verdict"], d["queue_id"] != ""')" '["ticket", true]'

# The technician, by real SMTP, with both proofs.
notify_once
told=$(last_sent alice@acme.example)
answer "$told" 'Alice <alice@acme.example>' 'Voici la réponse.' >"$T/mails/answer"
HELO=acme.example sends "$T/mails/answer" "$(mail_reply_to "$told")"
is "a technician's answer has both proofs" "$(ledger 'd["verdict"], d["proofs"]')" \
    '["reply", ["secret", "domain"]]'
postfix_stop
rm -rf "$POSTFIX"

# --- with the header_checks of the example ------------------------------------------------------
milter 0 "header_checks=regexp:$T/header-checks"
mail 'Zoé <zoe@client.test>' "$DESK" 'Nettoyé' 'Bonjour.' "$forged" \
    'Authentication-Results: other.example; spf=pass' >"$T/mails/cleaned"
sends "$T/mails/cleaned"
is "header_checks leave the milter's own header" "$(ledger 'd["verdict"], d["proofs"]')" \
    '["ticket", ["domain"]]'
postfix_stop
rm -rf "$POSTFIX"

# --- below it: not to be told from a sender's ----------------------------------------------------
milter 1
mail 'Zoé <zoe@client.test>' "$DESK" 'Trop bas' 'Bonjour.' >"$T/mails/low"
sends "$T/mails/low"
is 'a header below our Received is not believed' "$(ledger 'd["verdict"], d["proofs"]')" '["ticket", []]'

finish
