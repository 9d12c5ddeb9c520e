#!/bin/bash
# The admin's command line: what it refuses it names, with the cure and status 1; wrong usage is
# status 2; nothing crashes; names and words may be in any language.
. "$(dirname "$0")/../lib/site.sh"

site_new acme

# Runs the command line; $status, $out and $err say how it went.
try() {
    mw "$@" >"$T/out" 2>"$T/err"
    status=$?
    out=$(cat "$T/out") err=$(cat "$T/err")
}
# does NAME COMMAND…: done, with nothing to complain about.
does() {
    local name=$1
    shift
    try "$@"
    is "$name" "$status:$err" 0:
}
# refuses PATTERN COMMAND…: status 1 and one line that says PATTERN.
refuses() {
    local pattern=$1
    shift
    try "$@"
    is "refused: $*" "$status:$(wc -l <"$T/err")" 1:1
    like "… saying why" "$err" "^mailwicket: .*$pattern"
}
# misused PATTERN COMMAND…: status 2, saying PATTERN.
misused() {
    local pattern=$1
    shift
    try "$@"
    is "wrong usage: $*" "$status" 2
    like "… saying what" "$err" "^mailwicket: .*$pattern"
}
agent() { # ADDRESS EXPRESSION
    mw agent list --json | json "[a for a in all if a['address'] == '$1'][0]$2"
}

# --- help, usage, configuration -------------------------------------------------------------
try
is 'no command is wrong usage' "$status" 2
like 'and shows the commands' "$err" 'queue add'
for word in --help -h help; do
    try "$word"
    is "$word helps" "$status:$err" 0:
done
try --version
like '--version' "$out" '^mailwicket [0-9]'
misused 'no command "queue dance"' queue dance
misused 'no command "--json"' --json
misused '--config needs a FILE' --config

# No command reads its words for more than they are; help needs no site.
while read -r command; do
    try --config "$T/none" $command --help
    is "$command --help" "$status:$err" 0:
    like "… shows its usage" "$out" "^Usage: mailwicket $command"
    misused 'nknown option --nonsense' $command --nonsense
    try --config "$T/none" $command --config "$T/none-either"
    unlike "$command takes --config behind it" "$err" 'nknown option'
    is "… and does not crash" "$((status < 3))" 1
done <<'END'
init
queue add
queue list
queue map
queue set
queue remove
agent add
agent list
agent set
agent revoke
agent remove
ticket list
ticket show
ticket set
transcript
link
ledger
held list
held show
held accept
held drop
outbox list
outbox show
explain
doctor
END
without_site() {
    as_desk env -u MAILWICKET_CONFIG "$T/bin/mailwicket" "$@"
}
is '--config before the command' \
    "$(without_site --config "$SITE/mailwicket.conf" queue list | awk '{print $1}')" support
is '--config=FILE before it' \
    "$(without_site "--config=$SITE/mailwicket.conf" queue list | awk '{print $1}')" support
is '--config behind it' \
    "$(without_site queue list --config "$SITE/mailwicket.conf" | awk '{print $1}')" support
is '--config=FILE behind it, and the last one counts' \
    "$(without_site --config "$T/none" queue list "--config=$SITE/mailwicket.conf" | awk '{print $1}')" support
misused "$T/none" queue list --config "$T/none"
does 'init again changes nothing' init
refuses 'no user nobody-here' init --user nobody-here

# --- queues ---------------------------------------------------------------------------------
does 'a second queue' queue add ventes --address ventes@acme.example --prefix ven --language en
misused 'too few or too many' queue add
misused 'address and --prefix' queue add other --address other@acme.example
refuses '"no" is not a mail address' queue add other --address no --prefix OTH
refuses '"É1" is no prefix.*A-Z' queue add other --address other@acme.example --prefix É1
refuses '"de" is no language.*fr or en' queue add other --address other@acme.example --prefix OTH --language de
refuses '"Ventes" is no queue name.*a-z' queue add Ventes --address other@acme.example --prefix OTH
refuses 'a\+b@acme.example" holds a \+' queue add other --address a+b@acme.example --prefix OTH
refuses 'ventes' queue add ventes --address other@acme.example --prefix OTH
refuses '[Vv][Ee][Nn][Tt][Ee][Ss]@acme.example is taken' queue add other --address VENTES@acme.example --prefix OTH
misused 'nothing to set' queue set ventes
refuses 'no queue "nosuch".*queue list' queue set nosuch --language fr
refuses 'no queue "nosuch".*queue list' queue remove nosuch
does 'a queue without tickets may move' queue set ventes --address commerce@acme.example
is 'and has' "$(mw queue list --json | json '[q["address"] for q in all]')" \
    '["support@acme.example", "commerce@acme.example"]'
does 'it is removed' queue remove ventes
does 'again is harmless' queue remove ventes
is 'and says so' "$(mw queue list --json | json '[q["removed"] for q in all]')" '[false, true]'
refuses 'ventes was removed.*queue add' queue set ventes --language fr
is 'changing it does not bring it back' "$(mw queue list --json | json 'd["removed"]')" true
is 'the map keeps it, for replies' "$(mw queue map --nexthop gate: | sort)" \
    'commerce@acme.example  gate:
support@acme.example  gate:'

# --- people ---------------------------------------------------------------------------------
does 'a name in French' agent add helene@acme.example --name 'Hélène Œdipe'
is 'is kept as it is' "$(agent helene@acme.example '["name"]')" 'Hélène Œdipe'
ok 'in any locale' as_desk env LC_ALL=C "$T/bin/mailwicket" agent set helene@acme.example --name 'Ελένη'
is 'too' "$(agent helene@acme.example '["name"]')" 'Ελένη'
does 'a name that looks like an option' agent set helene@acme.example --name -h
does 'a control character in a name' agent set helene@acme.example --name $'Hélène\r\nBcc: x'
is 'does not get through' "$(agent helene@acme.example '["name"]')" 'Hélène Bcc: x'
misused 'value of --name .* is not UTF-8' agent set helene@acme.example --name $'H\xe9l\xe8ne'
misused 'word .* is not UTF-8' agent set $'h\xe9l\xe8ne@acme.example' --name x
for name in '' ' ' $'\n'; do
    refuses 'needs a name' agent set helene@acme.example --name "$name"
    refuses 'needs a name' agent add jo@acme.example --name "$name"
done
misused '--name' agent add jo@acme.example
misused '"boss" is no role: technician or admin' agent add jo@acme.example --name Jo --role boss
misused '"boss" is no role' agent set helene@acme.example --role boss
misused 'nothing to set' agent set helene@acme.example
refuses '"jo" is not a mail address' agent add jo --name Jo
refuses 'no queue "nosuch".*queue list' agent add jo@acme.example --name Jo --queue nosuch
refuses 'helene@acme.example is on the desk already.*agent set' agent add HELENE@acme.example --name H
for verb in 'set --name x' remove; do
    refuses 'jo@acme.example is not on the desk.*agent list' agent ${verb%% *} jo@acme.example \
        $([ "$verb" = remove ] || echo "${verb#* }")
done
refuses 'nobody here has the address jo@acme.example.*agent list' agent revoke jo@acme.example
does 'a role, a queue' agent set helene@acme.example --role admin --queue support
is 'are set' "$(agent helene@acme.example '["role"], all[0]["queues"]')" '["admin", ["support"]]'
does 'revoking an agent' agent revoke helene@acme.example

does 'other addresses at once' agent add paul@acme.example --name Paul \
    --alias paul@home.example --alias P.Petit@acme.example
does 'and later, again is harmless' agent set paul@acme.example --alias paul@old.example --alias PAUL@home.example
is 'are shown' "$(agent paul@acme.example '["aliases"]')" \
    '["P.Petit@acme.example", "paul@home.example", "paul@old.example"]'
like 'to people too' "$(mw agent list)" 'Paul: .*also P.Petit@acme.example, paul@home'
does 'any of them names him' agent set paul@old.example --role admin
refuses 'paul@home.example.*somebody else.*paul@acme.example' agent set helene@acme.example --alias paul@home.example
refuses 'Paul@ACME.example already belongs to somebody else' agent set helene@acme.example --alias Paul@ACME.example
refuses '"x" is not a mail address' agent set helene@acme.example --alias x
refuses 'paul@home.example.*somebody else' agent add jo@acme.example --name Jo --alias paul@home.example
is 'nobody is added by halves' "$(mw agent list --json | json 'len(all)')" 2
is 'and no alias moves' "$(agent helene@acme.example '["aliases"]')" '[]'

# --- tickets --------------------------------------------------------------------------------
mail 'Zoé <zoe@client.test>' "$DESK" 'Été en panne' 'Elle est rouge.' >"$T/mails/first"
deliver "$T/mails/first" || diag "deliver: $(cat "$SITE/mda.out")"
for word in nouveau NEW; do
    is "ticket list --status $word" "$(mw ticket list --status "$word" --json | json 'd["id"]')" SUP-1
done
is 'ticket list --queue' "$(mw ticket list --queue support --json | json 'd["title"]')" 'Été en panne'
is 'a queue may be empty' "$(mw ticket list --queue ventes; echo $?)" 0
refuses 'no queue "nosuch".*queue list' ticket list --queue nosuch
misused '"plop" is no status: new, open' ticket list --status plop
refuses 'SUP-99' ticket show SUP-99
refuses 'plop' ticket show plop
refuses 'SUP-99' ticket set SUP-99 --status open
refuses 'SUP-99' link SUP-99
misused 'nothing to set' ticket set SUP-1
refuses '"plop" is no status: new, open' ticket set SUP-1 --status plop
refuses '"plop" is no priority: low' ticket set SUP-1 --priority plop
refuses 'jo@acme.example is not on the desk.*agent add' ticket set SUP-1 --assign jo@acme.example
refuses 'jo@acme.example takes no part' link SUP-1 jo@acme.example
for word in 'en cours' résolu RÉSOLU 'en attente' fermé annulé; do
    does "ticket set --status $word" ticket set SUP-1 --status "$word"
done
does 'priority and assignee' ticket set SUP-1 --priority haute --assign p.petit@acme.example
is 'are set' "$(ticket SUP-1 'd["status"], d["priority"], [a["address"] for a in d["assignees"]]')" \
    '["cancelled", "high", ["paul@acme.example"]]'
does 'assigned to nobody' ticket set SUP-1 --assign none
is 'nothing is left of it' "$(ticket SUP-1 'd["assignees"]')" '[]'

refuses 'support has tickets.*support@acme.example.*queue add.*queue remove support' \
    queue set support --address hilfe@acme.example
does 'its language may change' queue set support --language en --address SUPPORT@acme.example
does 'back' queue set support --language fr --address support@acme.example

# --- outbox, ledger -------------------------------------------------------------------------
n=$(mw outbox list --json | json '[m["id"] for m in all if m["to"] == "zoe@client.test"][0]')
does 'a mail that is not written yet' outbox show "$n" --json
is 'is JSON without bytes' "$(json '"mail" in d, d["state"]' <"$T/out")" '[false, "waiting"]'
like 'and words' "$(mw outbox show "$n")" 'not rendered yet'
notify_once
like 'one that went out' "$(mw outbox show "$n" --json | json 'd["mail"]')" '^Subject: .*SUP-1'
is 'is shown byte for byte' "$(mw outbox show "$n" | tr -d '\r' | sha256sum)" \
    "$(tr -d '\r' <"$(sent_mails zoe@client.test | head -1)" |
        sed -E '/^(Return-Path|X-Original-To|Delivered-To): /d' | sha256sum)"
refuses 'no such mail.*outbox list' outbox show 999
misused '"plop" is not a number' outbox show plop
is 'the ledger is JSON' "$(ledger 'd["verdict"]')" ticket

# --- held -----------------------------------------------------------------------------------
subject=$(mail_header "$(sent_mails zoe@client.test | head -1)" Subject)
mail 'Éva Étrange <eva@stranger.test>' "$DESK" "$subject" $'--b
Content-Type: text/plain; charset=utf-8

Voici le code.

-- 
Éva, directrice
--b
Content-Type: application/pdf; name=plan.pdf
Content-Disposition: attachment; filename=plan.pdf

0123456789
--b--' 'Content-Type: multipart/mixed; boundary=b' >"$T/mails/stranger"
deliver "$T/mails/stranger"
is 'a stranger is held' "$(ledger 'd["verdict"]')" held
n=$(mw held list --json | json 'd["id"]')
does 'held show' held show "$n"
for part in 'from +Éva Étrange <eva@stranger.test>' 'reason +[a-z]' 'ticket +SUP-1' 'Voici le code' \
    'Éva, directrice' 'file +plan.pdf, application/pdf, 10 bytes'; do
    like "shows what accepting publishes: $part" "$out" "$part"
done
for verb in show accept drop; do
    refuses 'held.*held list' held $verb 999
    misused '"plop" is not a number' held $verb plop
done
does 'held accept' held accept "$n"
is 'names the ticket' "$out" SUP-1
is 'and published all that' "$(ticket SUP-1 'd["messages"][-1]["visibility"], d["messages"][-1]["signature"]')" \
    '["public", "\n-- \nÉva, directrice"]'
refuses 'held.*held list' held drop "$n"

# --- revoking, removing ---------------------------------------------------------------------
old=$(link SUP-1)
does 'a customer can be revoked' agent revoke ZOE@client.test
ok 'their link is another one' test "$old" != "$(link SUP-1)"
does 'an agent is removed' agent remove paul@home.example
is 'and gone' "$(mw agent list --json | json '[a["address"] for a in all]')" '["helene@acme.example"]'

does 'a queue with tickets is removed' queue remove support
deliver "$T/mails/first" "$DESK"
is 'the same mail again changes nothing' "$?" 0
mail 'Zoé <zoe@client.test>' "$DESK" 'Autre chose' 'Elle est verte.' >"$T/mails/second"
deliver "$T/mails/second"
is 'a new ticket is refused' "$?" 67
mail 'Zoé <zoe@client.test>' "$DESK" "Re: $subject" 'Encore rouge.' >"$T/mails/late"
deliver "$T/mails/late"
is 'an answer to an old one is not' "$?:$(ledger 'd["verdict"], d["ticket"]')" '0:["reply", "SUP-1"]'

refuses 'opening .*none' explain "$T/none"
is 'explain is JSON' "$(mw explain --json "$T/mails/first" | json 'd["subject"]')" 'Été en panne'
try explain --json "$T/mails/first" "$T/none" "$T/mails/second"
is 'a file that is not there is told, and stops none of the others' \
    "$status:$(wc -l <"$T/err"):$(json '[m["subject"] for m in all]' <"$T/out")" \
    '1:1:["Été en panne", "Autre chose"]'
try explain "$T/mails/late"
is 'explain in words' "$status:$err" 0:
like 'marks the new words' "$out" '^ +\| Encore rouge\.$'
like 'says what proves who wrote' "$out" 'domain: missing'
like 'says what would be done' "$out" '^  decision +duplicate, because: delivered before$'
try doctor
is 'doctor tells what is wrong' "$status:$(grep -c ^WRONG <<<"$out")" 1:1
like 'with the cure' "$out" '^WRONG .*start mailwicket-notifier'

finish
