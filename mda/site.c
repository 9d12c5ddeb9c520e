/* Loading and counting. */
#include "mda/site.h"

bool site_load(const char *config_file, Site **ret, GError **error)
{
    g_autoptr(Config) config = NULL;
    if (!config_load(config_file, &config, error))
        return false;
    Site *site = g_new0(Site, 1);
    site->references = 1;
    site->parsers = parsers_new(config);
    site->config = g_steal_pointer(&config);
    *ret = site;
    return true;
}

Site *site_ref(Site *site)
{
    g_atomic_int_inc(&site->references);
    return site;
}

void site_unref(Site *site)
{
    if (!site || !g_atomic_int_dec_and_test(&site->references))
        return;
    parsers_free(site->parsers);
    config_free(site->config);
    g_free(site);
}

Site *site_present(SiteSlot *slot)
{
    g_mutex_lock(&slot->mutex);
    Site *site = site_ref(slot->site);
    g_mutex_unlock(&slot->mutex);
    return site;
}

void site_replace(SiteSlot *slot, Site *site)
{
    g_mutex_lock(&slot->mutex);
    Site *before = slot->site;
    slot->site = site;
    g_mutex_unlock(&slot->mutex);
    site_unref(before);
}
