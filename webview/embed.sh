#!/bin/sh
# Prints C for one stylesheet: its bytes, and the name it is served under. The name holds a
# hash of the bytes, so that browsers may keep it for ever and still never see an old one.
set -eu

css=$1
hash=$(sha256sum <"$css" | cut -c1-12)
cat <<END
#include "webview/style.h"

const char style_path[] = "/style-$hash.css";
const unsigned char style_bytes[] = {
END
od -An -v -tx1 "$css" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
cat <<END
};
const size_t style_length = sizeof style_bytes;
END
