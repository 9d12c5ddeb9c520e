/* The configuration in use, and what depends on nothing else; replaced as a whole on SIGHUP.
 *
 * Counted references: a session keeps the one it began a mail with. */
#pragma once

#include "core/base/config.h"
#include "mda/parsers.h"

typedef struct {
    Config *config;
    Parsers *parsers;
    gint references; /* private */
} Site;

/* `config_file` as for config_load. */
bool site_load(const char *config_file, Site **ret, GError **error);
Site *site_ref(Site *site);
void site_unref(Site *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Site, site_unref)

/* Where the present one is kept, for all threads. */
typedef struct {
    GMutex mutex;
    Site *site;
} SiteSlot;

/* A reference. */
Site *site_present(SiteSlot *slot);
/* Takes `site`. */
void site_replace(SiteSlot *slot, Site *site);
