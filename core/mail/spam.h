/* The mark of a site's spam filter: a header field and a pattern of its value, `spam_header` in
 * the configuration. */
#pragma once

#include "core/base/config.h"

#include <stdbool.h>

typedef struct SpamRule SpamRule;

/* *ret NULL: the site has none. ERROR_CONFIG says where the pattern goes wrong. */
bool spam_rule_new(const Config *config, SpamRule **ret, GError **error);
void spam_rule_free(SpamRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpamRule, spam_rule_free)

/* Is this the field? `rule` may be NULL: no field is. */
bool spam_rule_is_about(const SpamRule *rule, const char *name);
/* `value` is raw, folded or not, any bytes. What takes the pattern too long to tell is not
 * marked. */
bool spam_rule_marks(const SpamRule *rule, const char *value);
