# TAP from a shell test: one line an assertion, the plan at the end.
#
# A test sources tests/lib/site.sh (or this file alone) and ends with `finish`. One that dies on
# the way prints no plan, which prove reports as a failure.

tap_count=0
tap_failed=0

tap_result() { # STATUS NAME
    tap_count=$((tap_count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $tap_count - $2"
    else
        echo "not ok $tap_count - $2"
        tap_failed=$((tap_failed + 1))
    fi
    return "$1"
}

# Lines for the reader of a failure.
diag() {
    printf '%s\n' "$*" | sed 's/^/# /' >&2
}

# ok NAME COMMAND…: the command succeeds.
ok() {
    local name=$1
    shift
    "$@" >/dev/null 2>&1
    local status=$?
    tap_result $((status != 0)) "$name" || diag "status $status of: $*"
}

# nok NAME COMMAND…: the command fails.
nok() {
    local name=$1
    shift
    ! "$@" >/dev/null 2>&1
    tap_result $? "$name" || diag "succeeded: $*"
}

# is NAME GOT WANTED
is() {
    [ "$2" = "$3" ]
    tap_result $? "$1" || diag "got:    $2
wanted: $3"
}

# like NAME TEXT PATTERN: some line of the text matches the extended regular expression.
like() {
    grep -qE -e "$3" <<<"$2"
    tap_result $? "$1" || diag "no line matches $3 in:
$(head -c 2000 <<<"$2")"
}

# unlike NAME TEXT PATTERN
unlike() {
    ! grep -qE -e "$3" <<<"$2"
    tap_result $? "$1" || diag "a line matches $3:
$(grep -E -e "$3" <<<"$2" | head -5)"
}

# eventually SECONDS COMMAND…: polls until the command succeeds.
eventually() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

skip_all() {
    echo "1..0 # SKIP $*"
    exit 0
}

finish() {
    echo "1..$tap_count"
    exit $((tap_failed != 0))
}
