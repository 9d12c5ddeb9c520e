/* The release all programs belong to. */
#pragma once

#define MAILWICKET_VERSION "0.1.0"
