#!/bin/sh
# Prints migrations.c: the .sql files given, in order, as the table that migrations.h declares.
# Their numbers must be 1, 2, 3, … without a gap, for user_version counts them.
set -eu

echo '/* Made by schema/embed.sh from schema/NNNN-name.sql. */'
echo '#include "schema/migrations.h"'
echo
echo 'const Migration migrations[] = {'
expected=0
for file in "$@"; do
    expected=$((expected + 1))
    name=${file##*/}
    case $name in
    [0-9][0-9][0-9][0-9]-*.sql) ;;
    *)
        echo "embed.sh: $file: not named NNNN-name.sql" >&2
        exit 1
        ;;
    esac
    number=$(expr "${name%%-*}" + 0)
    if [ "$number" -ne "$expected" ]; then
        echo "embed.sh: $file: expected number $expected" >&2
        exit 1
    fi
    printf '    {"%s", %d,\n' "$name" "$number"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/     "&\\n"/' "$file"
    echo '    },'
done
echo '};'
echo "const int n_migrations = $expected;"
