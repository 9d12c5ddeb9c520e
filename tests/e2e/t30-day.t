#!/bin/bash
# A day at a desk: two queues, three technicians, customers in two languages. Everything is done by
# mail, by pressing the buttons of mails or by typing commands into replies, and is looked at where
# a user would: the ticket, the page's readers, and what arrives in the mailboxes.
. "$(dirname "$0")/../lib/site.sh"

site_new acme mail.authserv_id=mx.example
mw queue add sales --address sales@acme.example --prefix SAL --language en >/dev/null || exit 1
mw agent add alice@acme.example --name 'Alice Durand' --queue support >/dev/null || exit 1
mw agent add bob@acme.example --name 'Bob Petit' --queue support --queue sales >/dev/null || exit 1
mw agent add chloe@acme.example --name 'Chloé Martin' --role admin >/dev/null || exit 1

# By a look at the header instead of a parser: the day is long.
sent_mails() { # [ADDRESS]
    find "$SITE/out" -type f -path '*/new/*' -printf '%T@ %p\n' | sort -n | cut -d' ' -f2- |
        xargs -r grep -lE "^(To:.*| )<?${1-.*@.*}>?"
}

n=0
# say WHO TO SUBJECT TEXT [HEADER…]: a mail, vouched for by our server, and what is to be told of it.
say() {
    local who=$1 to=$2 subject=$3 text=$4 domain=${1#*@}
    shift 4
    n=$((n + 1))
    mail "$who" "$to" "$subject" "$text" "$(proven "${domain%>}")" "$@" >"$T/mails/$n"
    deliver "$T/mails/$n" "$to" || diag "mail $n: $?"
    notify_once
}
zoe='zoe@client.test' alice='alice@acme.example' bob='bob@acme.example' chloe='chloe@acme.example'

# buttons FILE: label, address and body of each, a line each; tabs between.
buttons() {
    python3 - "$1" <<'END'
import email, email.policy, html.parser, sys, urllib.parse

class Buttons(html.parser.HTMLParser):
    url, label = None, ""
    def handle_starttag(self, tag, attributes):
        href = dict(attributes).get("href", "")
        if tag == "a" and href.startswith("mailto:") and "body=" in href:
            self.url, self.label = href, ""
    def handle_data(self, data):
        self.label += data
    def handle_endtag(self, tag):
        if tag == "a" and self.url:
            url = urllib.parse.urlsplit(self.url)
            fields = urllib.parse.parse_qs(url.query)
            assert len(self.url) < 1800, self.url
            print(self.label.strip(), urllib.parse.unquote(url.path), fields["body"][0].strip(),
                  fields["subject"][0], sep="\t")
            self.url = None

mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
Buttons().feed(mail.get_body(("html",)).get_content())
END
}
# press WHO LABEL [TEXT]: the button of the last mail to WHO, with TEXT typed below.
press() {
    local label to body subject
    while IFS=$'\t' read -r label to body subject; do
        [ "$label" = "$2" ] || continue
        say "$1" "$to" "$subject" "$body${3:+

$3}"
        return
    done < <(buttons "$(last_sent "$1")")
    diag "no button $2 in the last mail to $1: $(buttons "$(last_sent "$1")" | cut -f1 | xargs)"
    return 1
}
answer() { # WHO TEXT: to the last mail they got
    local told
    told=$(last_sent "$1")
    say "$1" "$(mail_reply_to "$told")" "Re: x" "$2" "In-Reply-To: $(mail_header "$told" Message-ID)"
}
desk_of() { # WHO: their own address for commands
    mail_text "$(last_sent "$1")" | grep -oE '[a-z]+\+d[0-9]+\.[0-9a-z]+@acme\.example' | head -1
}
text_to() { mail_text "$(last_sent "$1")"; }
status() { ticket "$1" 'd["status"]'; }

# --- the morning ----------------------------------------------------------------------------
say "$zoe" "$DESK" 'Imprimante en panne' 'Elle clignote en rouge.'
is 'the mail is a ticket' "$(status SUP-1)" new
is 'Alice, Bob and the admin hear of it' \
    "$(for who in $alice $bob $chloe; do sent_count "$who"; done | xargs)" '1 1 1'
like 'with buttons that name what they do' "$(buttons "$(last_sent "$alice")" | cut -f1 | xargs)" \
    '^Prendre Résoudre Fermer Note Priorité haute$'
press "$alice" Prendre
is 'Alice takes it by a button' "$(ticket SUP-1 '[a["name"] for a in d["assignees"]]')" '["Alice Durand"]'
is 'so she has seen it' "$(status SUP-1)" seen
is 'which tells the customer nothing' "$(sent_count "$zoe")" 1

say "$alice" "$(mail_reply_to "$(last_sent "$alice")")" 'Re: x' '!note

Le client est pénible.'
is 'a note is for the team' "$(ticket SUP-1 '[m["visibility"] for m in d["messages"]]')" \
    '["public", "internal"]'
is 'and leaves no trace outside' "$(sent_bytes "$zoe" | grep -c pénible)" 0

# --- a slip ---------------------------------------------------------------------------------
answer "$alice" '!ntoe
Le client est vraiment pénible.'
is 'a mistyped note publishes nothing' "$(ticket SUP-1 'len(d["messages"])')" 2
like 'Alice hears what is wrong, and the nearest verb' "$(text_to "$alice")" 'vouliez-vous dire !note'
like 'and has her words back' "$(text_to "$alice")" 'vraiment pénible'
is 'the customer heard nothing' "$(sent_count "$zoe")" 1
answer "$alice" 'Bonjour,
!note
Le client est pénible, décidément.'
is 'a command below the text holds the mail' "$(ledger 'd["verdict"]')" held
like 'and she is asked' "$(text_to "$alice")" 'ressemble à une commande'
press "$alice" Abandonner
is 'she drops it' "$(mw held list | wc -l)" 0
is 'the customer still heard nothing' "$(sent_count "$zoe")" 1

# --- crossing answers -----------------------------------------------------------------------
first=$(sent_mails "$alice" | head -1)
say "$zoe" "$(mail_reply_to "$(last_sent "$zoe")")" 'Re: x' 'Maintenant elle clignote en vert.'
say "$alice" "$(mail_reply_to "$first")" 'Re: x' 'Remplacez la cartouche rouge.' \
    "In-Reply-To: $(mail_header "$first" Message-ID)"
is 'an answer to what is no longer so is held' "$(ledger 'd["verdict"]')" held
like 'Alice sees the newer text' "$(text_to "$alice")" 'clignote en vert'
press "$alice" 'Envoyer quand même'
is 'and sends hers all the same' "$(ticket SUP-1 'd["messages"][-1]["visibility"]')" public
like 'the customer has it' "$(text_to "$zoe")" 'cartouche rouge'

# --- the end of it --------------------------------------------------------------------------
say "$zoe" "$(mail_reply_to "$(last_sent "$zoe")")" 'Re: x' 'Cela fonctionne, merci !'
press "$alice" Fermer 'Bonne journée.'
is 'Alice closes it' "$(status SUP-1)" closed
like 'one mail says so, with her words' "$(text_to "$zoe")" 'Votre demande est close'
like 'and' "$(text_to "$zoe")" 'Bonne journée'
is 'five ratings, and a way back' "$(buttons "$(last_sent "$zoe")" | wc -l)" 6
press "$zoe" '★★★★'
is 'Zoé rates it' "$(mw transcript SUP-1 | grep -c 'évalué')" 1
press "$zoe" Rouvrir
is 'and opens it again' "$(status SUP-1)" open
answer "$alice" '!undo'
like 'closing again is undone within the hour only if it was hers' "$(ledger 'd["verdict"]')" '^command$'

# --- sales, in English ----------------------------------------------------------------------
say 'tom@shop.test' sales@acme.example 'A quote please' 'For 20 printers.'
say 'ann@shop.test' sales@acme.example 'An invoice' 'Please resend it.'
like 'Bob is told in the language of the queue' "$(buttons "$(last_sent "$bob")" | cut -f1 | xargs)" '^Take Resolve'
bobs=$(desk_of "$bob")
say "$bob" "$bobs" 'bulk' 'take SAL-1 SAL-2
priority SAL-2 urgent
due SAL-1 tomorrow 2pm
tag SAL-1 +quote'
is 'commands in bulk' "$(ticket SAL-2 '[a["name"] for a in d["assignees"]] + [d["priority"]]')" '["Bob Petit", "urgent"]'
like 'are answered line by line' "$(text_to "$bob")" 'assigned to Bob Petit'
say "$bob" "$bobs" 'x' 'list mine'
like 'his list has the most pressing first' "$(text_to "$bob" | grep -oE 'SAL-[12]  ' | xargs)" '^SAL-2 SAL-1$'
say "$bob" "$bobs" 'x' 'close SAL-1 SAL-99'
is 'one wrong id and nothing is done' "$(status SAL-1)" new
say "$bob" "$bobs" 'x' 'find printers'
like 'what was written is found' "$(text_to "$bob")" 'SAL-1  A quote please'
say "$bob" "$bobs" 'x' 'show SAL-1
history SAL-1'
like 'a ticket is shown' "$(text_to "$bob")" 'For 20 printers'
like 'with its history' "$(text_to "$bob")" 'is on it'
say "$alice" "$bobs" 'x' 'close SAL-1'
is "his address is of no use to others" "$(ledger 'd["verdict"]') $(status SAL-1)" 'held new'

# --- what destroys, asks --------------------------------------------------------------------
say 'win@prize.test' "$DESK" 'You won' 'Click here.'
press "$chloe" Prendre
answer "$chloe" '!spam'
is 'spam asks first' "$(ledger 'd["verdict"]') $(status SUP-2)" 'held seen'
press "$chloe" 'Envoyer quand même'
is 'then cancels' "$(status SUP-2)" cancelled
is 'without a word to its sender' "$(sent_count win@prize.test)" 1

# --- looking back ---------------------------------------------------------------------------
is 'nothing of the notes ever left the house' "$(sent_mails | while read -r f; do
    case $(mail_to "$f") in *@acme.example) ;; *) cat "$f" ;; esac; done | grep -c pénible)" 0
is 'every mail is in the ledger' "$(mw ledger | wc -l)" "$n"
ok 'and the database is whole' mw check
finish
