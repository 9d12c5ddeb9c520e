/* How mail programs of each language call the fields of the mail that they quote. */
#pragma once

typedef enum {
    FIELD_FROM = 1,
    FIELD_DATE = 2,
    FIELD_TO = 4,
    FIELD_SUBJECT = 8,
    FIELD_OTHER = 16,
} HeaderField;

/* `label`: folded (quote_fold), without its colon. 0: none. */
int header_label_field(const char *label);
