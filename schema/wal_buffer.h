/* Writing the log in large pieces.
 *
 * SQLite writes each page of a commit by two calls, its header and its bytes, although they
 * stand side by side in the log: some sixty calls for an ordinary mail. This layer (a VFS)
 * gathers them and writes them by one, before the sync that makes the commit hold.
 *
 * It relies on synchronous=FULL: every commit syncs the log before it tells readers of it, so
 * that nobody ever looks for bytes that are still gathered. Nothing outside schema/ includes
 * it. */
#pragma once

/* The name to open databases with, NULL when SQLite has no file system to build on. To be
 * called once, before the first of them is opened. */
const char *wal_buffer_register(void);
