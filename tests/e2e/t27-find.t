#!/bin/bash
# `mailwicket ticket find`: what was delivered is found by its words, whether or not the search
# index has it yet, and what nobody may see is not.
. "$(dirname "$0")/../lib/site.sh"

site_new acme
mw queue add sales --address "sales@acme.example" --prefix SAL >/dev/null
mw agent add alice@acme.example --name Alice --queue support >/dev/null

send() { # FROM TO SUBJECT BODY
    mail "$@" >"$T/mail" && deliver "$T/mail" "$2"
}
# The ids that a search finds.
ids() { # WORDS…
    mw ticket find --json -- "$@" 2>"$T/err" | json '" ".join(str(m["id"] or m["title"]) for m in all)'
}
unindexed() {
    mw status --json | json 'd["unindexed"]'
}
waiting() {
    [ "$(unindexed)" = "$1" ]
}

send 'Zoé Müller <zoe@client.test>' "$DESK" 'Imprimantes du 3e étage' \
    'Bonjour, les imprimantes du bureau n’impriment plus depuis l’été. Déjà redémarrées.'
send 'Bob <bob@other.test>' "$DESK" 'Écran noir' 'Mon écran reste noir. Le câble est neuf.'
send 'Carl <carl@client.test>' sales@acme.example 'Quote' 'How much for a printer and two screens?'

# --- before the index has anything -------------------------------------------------------------
is 'three messages wait' "$(unindexed)" 3
like 'a mail is found once it is delivered' "$(mw ticket find imprimantes)" '^SUP-1 +(new|nouveau)'

# Everything that is found must be found alike before and after.
questions() { # WHEN
    is "$1: the beginning of a word" "$(ids imprimante)" 'SUP-1'
    is "$1: without accents" "$(ids ecran)" 'SUP-2'
    is "$1: in capitals, with accents" "$(ids 'ÉTÉ')" 'SUP-1'
    is "$1: all words must be there" "$(ids noir imprimante)" ''
    is "$1: wherever they are" "$(ids zoe bureau etage)" 'SUP-1'
    is "$1: the author's address" "$(ids bob@other.test)" 'SUP-2'
    is "$1: an id" "$(ids sup-2)" 'SUP-2'
    is "$1: the latest first" "$(ids e)" 'SUP-2 SUP-1'
}
questions 'waiting'
notify_once
is 'the notifier indexes them' "$(unindexed)" 0
questions 'indexed'
like 'the line shows where' "$(mw ticket find redemarrees)" '^ +Zoé Müller: .*Déjà redémarrées\.$'
like 'a ticket has id, status, time, title' "$(mw ticket find imprimantes)" \
    '^SUP-1 +new +[0-9]{4}-[0-9-]+T[0-9:]+Z  Imprimantes du 3e étage$'
is 'as JSON too' \
    "$(mw ticket find --json neuf | json '[d[k] for k in ("id", "queue", "title", "status", "message", "visibility", "author")]')" \
    '["SUP-2", "support", "Écran noir", "new", 2, "public", "Bob"]'
like 'with what was written' "$(mw ticket find --json neuf | json 'd["snippet"]')" '^Mon écran reste noir\. Le câble est neuf\.$'

# --- hostile words -----------------------------------------------------------------------------
refused() { # NAME PATTERN WORDS…
    local name=$1 pattern=$2
    shift 2
    mw ticket find -- "$@" >"$T/out" 2>"$T/err"
    is "$name: refused" "$?" 1
    like "$name: says why" "$(cat "$T/err")" "$pattern"
    is "$name: finds nothing" "$(cat "$T/out")" ''
}
refused 'nothing' 'no word' ''
refused 'blanks' 'no word' '   '
refused 'only signs' 'no word' '"*():^-+ & | ; %'
refused '10 kB' 'too long' "$(printf 'mot%d ' {1..1800})"
refused 'many words' 'too many words' {a..z}
for words in 'NEAR(' 'NEAR(noir écran, 2)' '"noir' 'noir OR imprimante' 'noir" OR "imprimante' '-noir' '{words}:noir'; do
    mw ticket find --json -- "$words" >"$T/out" 2>"$T/err"
    status=$?
    [ "$status" = 0 ] || { [ "$status" = 1 ] && grep -q 'no word' "$T/err"; }
    is "no operator: $words" "$?" 0
    unlike "finds no other: $words" "$(cat "$T/out")" 'SUP-1'
done
is 'signs around a word do not matter' "$(ids '^noir*')" 'SUP-2'
mw ticket find >"$T/out" 2>&1
is 'no word at all is wrong usage' "$?" 2

# --- what is held, and what changes ------------------------------------------------------------
mw block add bad.test >/dev/null
send 'Mallory <m@bad.test>' "$DESK" 'Gagnez' 'Une croisière gratuite pour vous.'
is 'held mail is found' "$(ids croisiere)" 'Gagnez'
like 'and said to be held' "$(mw ticket find croisiere)" '^held 4 .*Gagnez$'
notify_once
is 'also from the index' "$(ids croisiere)" 'Gagnez'
send 'Mallory <m@bad.test>' "$DESK" 'Encore' 'Une deuxième offre.'
notify_once
mw held drop 4
is 'dropped mail is not found' "$(ids croisiere)" ''
mw held accept 5 >/dev/null
is 'accepted mail is its ticket' "$(ids deuxieme)" 'SUP-3'
is 'both wait for the index' "$(unindexed)" 2
notify_once
is 'and are renewed in it' "$(unindexed) $(ids croisiere)$(ids deuxieme)" '0 SUP-3'
is 'a sound index is no finding' "$(mw check --json | json 'd["findings"]')" 0

# --- with the notifier running -----------------------------------------------------------------
exec_as_desk "$T/bin/mailwicket-notifier" >"$SITE/notifier.log" 2>&1 &
NOTIFIER=$!
own $NOTIFIER
eventually 10 test -S "$SITE/data/notifier.sock"
send 'Dora <dora@client.test>' "$DESK" 'Réseau' 'Le wifi tombe chaque après-midi.'
is 'found at once' "$(ids wifi)" 'SUP-4'
ok 'indexed within seconds' eventually 8 waiting 0
is 'found in the index' "$(ids apres-midi)" 'SUP-4'

# --- a damaged index ---------------------------------------------------------------------------
end $NOTIFIER
as_desk sqlite3 "$SITE/data/mailwicket.db" 'DELETE FROM search_docsize WHERE id = 1' ||
    as_desk sqlite3 -unsafe-testing "$SITE/data/mailwicket.db" 'DELETE FROM search_docsize WHERE id = 1'
mw check >"$T/out"
is 'a message that is not in the index is a finding' "$?" 1
like 'that names it and the cure' "$(cat "$T/out")" '^WRONG message 1 is not in the search index: run .mailwicket reindex'
like 'reindex empties the index' "$(mw reindex)" 'empty'
is 'what waits is found meanwhile' "$(ids imprimante)" 'SUP-1'
notify_once
is 'and the notifier fills it' "$(unindexed) $(ids imprimante)" '0 SUP-1'
is 'then all is well' "$(mw check --json | json 'd["findings"]')" 0

finish
