#!/bin/bash
# A short form of `make faults`: each kind of fault at the first steps of each program.
MAILWICKET_RELEASE=${MAILWICKET_RELEASE:-$(dirname "$0")/../../build} exec "$(dirname "$0")/../faults/faults" --short
