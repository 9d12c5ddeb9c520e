#!/bin/bash
# The same wiring without the server: pipe(8) starts the program.
WIRING=pipe
. "$(dirname "$0")/t10-wiring.t"
