/* People, their addresses, and which queues they serve. */
#pragma once

#include "schema/store.h"

typedef enum { ROLE_REQUESTER, ROLE_TECHNICIAN, ROLE_ADMIN } Role;

typedef struct {
    gint64 id;
    char *name;    /* "" unknown */
    char *address; /* the one we write to */
    Role role;
    bool is_list;
    char *language; /* "" = the ticket's */
    gint64 epoch;
    gint64 paused; /* when the address bounced for good; 0 = writable */
    char *why_paused;
} Person;

void person_free(Person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)

/* *ret NULL when there is none. `key`: address_key of any of the person's addresses. */
bool people_by_address(Store *store, const char *key, Person **ret, GError **error);
bool people_by_id(Store *store, gint64 id, Person **ret, GError **error);
bool people_agents(Store *store, GPtrArray **ret,
                   GError **error); /* role > requester, by name */
bool people_of_queue(Store *store, gint64 queue, GPtrArray **ret, GError **error);
/* Names of the queues a person serves: char *. */
bool people_queues(Store *store, gint64 person, GPtrArray **ret, GError **error);
/* A person's other addresses than the one we write to: char *. */
bool people_aliases(Store *store, gint64 person, GPtrArray **ret, GError **error);

/* Adds the person and person->address as their primary one; epoch starts at 1. An address that
 * address_key refuses or that belongs to somebody is ERROR_REJECTED, here and for aliases. */
bool people_add(Store *store, const Person *person, gint64 *ret_id, GError **error);
/* Writes name, role, is_list, language. */
bool people_update(Store *store, const Person *person, GError **error);
/* Another address of the same person; again is harmless. */
bool people_add_alias(Store *store, gint64 person, const char *address, GError **error);
bool people_raise_epoch(Store *store, gint64 person, GError **error);
/* `key`: of any address, theirs or not; unknown ones change nothing. */
bool people_pause(Store *store, const char *key, gint64 at, const char *why, GError **error);
bool people_resume(Store *store, const char *key, GError **error);
/* Is the desk to be told at `at`, having been told last before `since`, or never? Then it
 * counts as told. */
bool people_claim_telling(Store *store, const char *key, gint64 since, gint64 at, bool *ret,
                          GError **error);
bool people_is_paused(Store *store, const char *key, bool *ret, GError **error);
typedef struct {
    char *address;
    char *name; /* whose, "" unknown */
    gint64 at;
    char *why; /* status */
} PausedAddress;
void paused_address_free(PausedAddress *paused);
/* Paused addresses: PausedAddress *, latest first. */
bool people_paused(Store *store, GPtrArray **ret, GError **error);
bool people_join_queue(Store *store, gint64 person, gint64 queue, GError **error);
bool people_leave_queue(Store *store, gint64 person, gint64 queue, GError **error);
bool people_leave_all_queues(Store *store, gint64 person, GError **error);
