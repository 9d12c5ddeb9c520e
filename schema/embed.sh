#!/bin/sh
# Prints migrations.c: the .sql files given, in order, as the table that migrations.h declares.
# Their names are NNNN-name.sql with the numbers 1, 2, 3, … without a gap, for user_version counts
# them.
set -eu

echo '/* Made by schema/embed.sh from schema/NNNN-name.sql. */'
echo '#include "schema/migrations.h"'
echo
echo 'const Migration migrations[] = {'
number=0
for file in "$@"; do
    number=$((number + 1))
    name=${file##*/}
    case $name in
    "$(printf '%04d' "$number")"-*.sql) ;;
    *)
        echo "embed.sh: $file: expected a name like $(printf '%04d' "$number")-name.sql" >&2
        exit 1
        ;;
    esac
    printf '    {"%s", %d,\n' "$name" "$number"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/     "&\\n"/' "$file"
    echo '    },'
done
echo '};'
echo "const int n_migrations = $number;"
