/* Mail from machines: loops, bounces, receipts, automatic answers and lists.
 *
 * None of it is ever acknowledged, reopens anything, proves anything or reaches a customer. The
 * one thing it may change: a technician's receipt makes a new ticket seen (receipts.h). */
#pragma once

#include "core/desk/delivery.h"

/* Takes the mail if it is a machine's: *ret true, and the outcome is decided. Not where its
 * queue lets it open a ticket. */
bool machines_take(Delivery *delivery, bool *ret, GError **error);
