/* Judging proofs. Nothing here writes, and nothing here knows what a mail asks for. */
#include "core/desk/authority.h"

#include "core/base/address.h"
#include "core/desk/author.h"
#include "core/mail/authres.h"

void authority_free(Authority *authority)
{
    if (!authority)
        return;
    g_free(authority->address);
    g_clear_pointer(&authority->person, person_free);
    g_free(authority);
}

/* Exactly one From field with exactly one mailbox, or nobody. */
static char *single_sender(const Mail *mail)
{
    if (mail->from_fields != 1 || mail->from->len != 1)
        return g_strdup("");
    const MailAddress *from = mail->from->pdata[0];
    return g_strdup(address_is_safe(from->address) ? from->address : "");
}

/* An authenticated login speaks for a person only if it is an address recorded for them. */
static bool login_is(Desk *desk, const char *login, const Person *person, bool *ret,
                     GError **error)
{
    g_autofree char *key = login ? address_key(login) : NULL;
    g_autoptr(Person) owner = NULL;
    *ret = false;
    if (!key || !person)
        return true;
    if (!people_by_address(desk->store, key, &owner, error))
        return false;
    *ret = owner && owner->id == person->id;
    return true;
}

static bool judge_domain(Desk *desk, const Mail *mail, Authority *authority, GError **error)
{
    const Config *config = desk->config;
    const char *domain = address_domain(authority->address);
    g_autofree char *login = NULL;
    bool by_login = false;
    if (!config->mail.authserv_id || !domain)
        return true;
    authority->domain = authres_proves_domain(mail, config->mail.authserv_id,
                                              config->mail.trusted_relays, domain, &login);
    if (!login_is(desk, login, authority->person, &by_login, error))
        return false;
    authority->domain |= by_login;
    return true;
}

static void judge_secrets(const Desk *desk, const Route *route, Authority *authority)
{
    const Person *person = authority->person;
    if (!person)
        return;
    /* Somebody else's secret, forwarded or stolen, proves nothing about this sender. */
    authority->secret =
        !person->is_list && route->secret_person && route->secret_person->id == person->id;
    authority->confirmation =
        !person->is_list && route->confirmation && route->confirmation->person == person->id;
    if (!desk->config->mail.authserv_id) {
        authority->token = route->token;
        authority->message_id = route->answers_to == person->id;
    }
}

bool authority_judge(Desk *desk, const char *envelope_sender, const Mail *mail,
                     const Route *route, Authority **ret, GError **error)
{
    g_autoptr(Authority) authority = g_new0(Authority, 1);
    authority->address = single_sender(mail);
    authority->machine = mail->kind != MAIL_MESSAGE || *envelope_sender == '\0';

    g_autofree char *key = address_key(authority->address);
    if (key && !people_by_address(desk->store, key, &authority->person, error))
        return false;
    if (!authority->machine) {
        if (!judge_domain(desk, mail, authority, error))
            return false;
        judge_secrets(desk, route, authority);
    }
    *ret = g_steal_pointer(&authority);
    return true;
}

bool authority_is_agent(const Authority *authority)
{
    return person_is_agent(authority->person);
}

bool authority_is_strong(const Authority *authority)
{
    return authority->secret || authority->domain || authority->confirmation;
}

/* A technician speaks for the house, so a domain alone, which a mail server gives to every
 * mail of that domain, is not enough for them; for a customer it is. */
bool authority_may_publish(const Desk *desk, const Authority *authority)
{
    if (!authority->person || authority->machine)
        return false;
    if (authority_is_agent(authority)) {
        bool personal = authority->secret || authority->confirmation;
        return personal && (authority->domain || !desk->config->mail.authserv_id);
    }
    return authority_is_strong(authority) || authority->token || authority->message_id;
}

GPtrArray *authority_proofs(const Authority *authority)
{
    const struct {
        bool found;
        const char *name;
    } proofs[] = {
        {authority->secret, "secret"},
        {authority->domain, "domain"},
        {authority->confirmation, "confirmation"},
        {authority->token, "token"},
        {authority->message_id, "message-id"},
    };
    GPtrArray *names = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(proofs); i++)
        if (proofs[i].found)
            g_ptr_array_add(names, (char *)proofs[i].name);
    return names;
}
