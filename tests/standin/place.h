/* SPDX-License-Identifier: Apache-2.0 */
/* Where to listen, as it is written on the command line. */
#ifndef STANDIN_PLACE_H
#define STANDIN_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct place {
    char first[64];                  /* the address, or the first of a range */
    char last[64];                   /* the last of a range, or "" */
    uint16_t port;                   /* 0: any free one */
    unsigned count;                  /* how many addresses: 1 or, for a range, up to PLACE_MAX */
    struct sockaddr_storage address; /* the first with the port */
    socklen_t length;                /* of address */
};

#define PLACE_MAX 4096

/* Reads "ADDRESS:PORT" or "FIRST-LAST:PORT". False with the reason in WHY. */
bool place_read(struct place *place, const char *text, char *why, size_t why_size);

/* Moves an IPv4 address on by STEPS. */
void place_advance(struct sockaddr_storage *address, unsigned steps);

/* Writes an address with its port as place_read takes it. Returns TEXT. */
char *place_write(const struct sockaddr_storage *address, char *text, size_t size);

#endif
