#!/bin/sh
# Prints templates.c: the template files given, each named …/LANG/FILE, as the table that
# core/base/template-set.h declares.
set -eu

echo '/* Made by notifier/embed.sh from notifier/templates. */'
echo '#include "core/base/template-set.h"'
echo
echo 'const BuiltinTemplate builtin_templates[] = {'
for path in "$@"; do
    file=${path##*/}
    folder=${path%/*}
    case $file in
    *.txt | *.html) ;;
    *)
        echo "embed.sh: $path: neither .txt nor .html" >&2
        exit 1
        ;;
    esac
    printf '    {"%s", "%s", ""\n' "${folder##*/}" "$file"
    # ? is escaped lest two of them make a trigraph.
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\?/g' -e 's/.*/     "&\\n"/' "$path"
    echo '    },'
done
echo '    {NULL, NULL, NULL}};'
