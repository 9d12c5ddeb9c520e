/* The numbered DDL as embed.sh puts it into the program, in order. */
#pragma once

typedef struct {
    const char *name; /* "0001-initial.sql" */
    int number;       /* 1: its place in the list, and user_version afterwards */
    const char *sql;
} Migration;

extern const Migration migrations[];
extern const int n_migrations;
