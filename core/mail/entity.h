/* Character references of HTML: &name; &#233; &#xe9;. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Reads the reference at `at`, which points to "&". Returns where it ends and sets *ret, or
 * NULL when the & is just an &. As browsers do: old names may lack the semicolon (but not in
 * an attribute in front of "=" or a letter), numbers 128 to 159 mean windows-1252, numbers that
 * are no character give U+FFFD. */
const char *entity_read(const char *at, const char *end, bool in_attribute, gunichar *ret);
