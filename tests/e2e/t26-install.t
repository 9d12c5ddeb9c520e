#!/bin/bash
# `make install` below a folder of one's own: programs that run, man pages, examples, and units that
# systemd understands.
. "$(dirname "$0")/../lib/tap.sh"
cd "$(dirname "$0")/../.." || exit 1
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT

ok 'make install' make -s install BUILD="${MAILWICKET_RELEASE:-build}" DESTDIR="$root" PREFIX=/usr
for program in mailwicket mailwicket-mda mailwicket-notifier mailwicket-webview; do
    like "$program runs" "$("$root/usr/bin/$program" --version)" "^$program [0-9]"
done
is 'each man page of the sources is there' \
    "$(find "$root/usr/share/man" -type f -printf '%f\n' | sort | xargs)" \
    "$({ git ls-files '*.1' '*.5' '*.8' | xargs -n 1 basename &&
        printf 'mailwicket-commands.7\n%.0s' en fr; } | sort | xargs)"
like 'the commands are told in French as well' "$(cat "$root/usr/share/man/fr/man7/mailwicket-commands.7")" '!fermer'
if command -v mandoc >/dev/null; then
    is 'and are a proper page' "$(mandoc -T lint -W warning "$root/usr/share/man/man7/mailwicket-commands.7" 2>&1)" ''
    # Only English calls its first section NAME.
    is 'in French too' "$(mandoc -T lint -W error "$root/usr/share/man/fr/man7/mailwicket-commands.7" 2>&1)" ''
fi
ok 'so is the wiring of Postfix' test -f "$root/usr/share/doc/mailwicket/postfix-example/master.cf"

units=$root/usr/lib/systemd/system
for unit in mailwicket-mda.socket mailwicket-mda.service mailwicket-notifier.service mailwicket-webview.service; do
    ok "$unit is there" test -f "$units/$unit"
done
is 'they start the programs where they are' \
    "$(sed -n 's/^ExecStart=//p' "$units"/*.service | cut -d' ' -f1 | sort | xargs)" \
    '/usr/bin/mailwicket-mda /usr/bin/mailwicket-notifier /usr/bin/mailwicket-webview'
for unit in "$units"/*.service; do
    for setting in NoNewPrivileges=yes ProtectSystem=strict SystemCallFilter= RestrictAddressFamilies= \
        CapabilityBoundingSet=; do
        ok "$(basename "$unit") has $setting" grep -q "^$setting" "$unit"
    done
done
like "Postfix alone may open the server's socket" "$(cat "$units/mailwicket-mda.socket")" '^SocketMode=0660$'

if command -v systemd-analyze >/dev/null; then
    # The programs are looked for where they are here; man pages are nobody's business.
    mkdir "$root/units"
    for unit in "$units"/*; do
        sed "s|/usr/bin/mailwicket|$root/usr/bin/mailwicket|; /^Documentation=/d" "$unit" >"$root/units/${unit##*/}"
    done
    is 'systemd finds nothing wrong with them' "$(systemd-analyze verify "$root"/units/* 2>&1)" ''
else
    diag 'systemd-analyze is not here: the units were not verified'
fi

finish
