# What the measures share: a private site as in tests/lib/site.sh, mails, medians, verdicts.
#
# A measure compares the product with a peer in one run, in alternating rounds, because machines
# differ and are busy; only the ratio means something. Each ends with lines for machines:
#   measure NAME VALUE floor FLOOR pass|FAIL
#   measure NAME - floor FLOOR skipped

. "$(dirname "${BASH_SOURCE[0]}")/../lib/site.sh"

ROUNDS=5
# The generator of mails and the program that pipes them to a command, beside the checkout.
TOOLS=${BENCH_TOOLS:-$TESTS/../../shared/bench}

lines=()
missed=0

measure_line() { # NAME VALUE FLOOR WORD
    lines+=("measure $1 $2 floor $3 $4")
    [ "$4" != FAIL ] || missed=1
}
# At least the floor.
measure() { # NAME VALUE FLOOR
    measure_line "$@" "$(awk -v v="$2" -v f="$3" 'BEGIN { print (v != "" && v + 0 >= f ? "pass" : "FAIL") }')"
}
# The floor and no more.
measure_exactly() { # NAME VALUE FLOOR
    measure_line "$@" "$([ "$2" = "$3" ] && echo pass || echo FAIL)"
}

# Ends a measure.
report() {
    printf '%s\n' "${lines[@]}"
    exit "$missed"
}
# Ends a measure that cannot be taken here.
skip() { # WHY NAME FLOOR
    echo "skipped: $1"
    measure_line "$2" - "$3" skipped
    report
}
die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

median() {
    sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
# One column of a table of rounds on stdin.
median_of() { # COLUMN
    awk -v c="$1" '{ print $c }' | median
}
ratio() { # A B
    awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f\n", a / b }'
}

# --- the site -------------------------------------------------------------------------------

# A site with one technician, where every sender is acknowledged.
bench_site() { # NAME
    site_new "$1" limits.unproven_mails_per_ten_minutes=100000 &&
        mw agent add "tech@$1.example" --name Technician --queue support >"$SITE/agent.log" 2>&1 ||
        die "no site"
    desk_user=(env MAILWICKET_CONFIG="$SITE/mailwicket.conf")
    [ "$(id -u)" -ne 0 ] ||
        desk_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups "${desk_user[@]}")
}

# Starts a program as the desk's user; its own pid is what is ended later.
start() { # LOG COMMAND…
    local log=$1
    shift
    "${desk_user[@]}" "$@" >"$log" 2>&1 &
    own $!
}

keeper_start() {
    start "$SITE/notifier.log" "$T/bin/mailwicket-notifier"
    eventually 10 test -S "$SITE/data/notifier.sock" || die "notifier: $(cat "$SITE/notifier.log")"
}
# Waits until everything is sent, so that the other side has the machine for itself.
keeper_idle() {
    eventually 120 outbox_empty || die "the outbox does not get empty"
}
outbox_empty() {
    [ "$(sql "SELECT count(*) FROM outbox WHERE state = 'waiting'")" = 0 ]
}

# Asks the database file itself, past the product.
sql() {
    "${desk_user[@]}" sqlite3 -readonly -separator ' ' "$SITE/data/mailwicket.db" "$1"
}

# --- mails ----------------------------------------------------------------------------------

# Both tools, or the measure is skipped: generated mails in $T/mails, $T/pipeblast.
need_mails() { # COUNT NAME FLOOR
    [ -r "$TOOLS/gen_mails.py" ] && [ -r "$TOOLS/pipeblast.c" ] ||
        skip "no gen_mails.py and pipeblast.c in $TOOLS (BENCH_TOOLS names another folder)" "$2" "$3"
    ${CC:-cc} -O2 -w -o "$T/pipeblast" "$TOOLS/pipeblast.c" || die "pipeblast.c does not compile"
    python3 "$TOOLS/gen_mails.py" "$T/mails/generated" "$1" >"$T/mails/mix" ||
        die "gen_mails.py failed"
}

# pipe LIST FROM COUNT CONCURRENCY COMMAND…: a process a mail, as the desk's user. Prints
# "RATE P50 P99 MEMORY CPU FAILED" (mails/s, ms, ms, kB, ms a mail, mails).
pipe() {
    "${desk_user[@]}" "$T/pipeblast" "$@" | sed -nE \
        's/.* rate=([0-9.]+).* p50=([0-9.]+).* p99=([0-9.]+).* childcpu=([0-9.]+).* maxrss=([0-9]+).* fail=([0-9]+).*/\1 \2 \3 \5 \4 \6/p'
}
mda=("$T/bin/mailwicket-mda" --sender bench@client.test)
