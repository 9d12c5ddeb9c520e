/* Names for people to read. A name proves nothing; who may do what is authority.h. */
#include "core/desk/author.h"

#include <string.h>

bool person_is_agent(const Person *person)
{
    return person && person->role != ROLE_REQUESTER;
}

const char *person_label(const Person *person)
{
    return *person->name ? person->name : person->address;
}

bool author_is_desk(const Person *author, const Ticket *ticket)
{
    return person_is_agent(author) && author->id != ticket->requester;
}

char *author_label(const Message *message, const Person *author, bool with_address)
{
    const char *address = message->author_address;
    if (author && *author->name)
        return g_strdup(author->name);
    if (*message->author_name)
        return g_strdup(message->author_name);
    return with_address ? g_strdup(address) : g_strndup(address, strcspn(address, "@"));
}
