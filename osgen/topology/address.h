/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names, addresses and paths: what each may look like. Each check takes the whole text, and WHY
 * says what is accepted. Nothing that they accept means anything to httpd's configuration reader,
 * so that it can be written without quotes.
 */
#ifndef OSG_ADDRESS_H
#define OSG_ADDRESS_H

#include <stdbool.h>

struct in6_addr;
struct osb_message;
struct osg_admission;
struct osg_arena;
struct osg_listen;

/* A host name (RFC 1123, and _, which containers use) or an IPv4 address; at most 253 characters,
 * 63 in each part. */
bool osg_host_check(const char *text, struct osb_message *why);

/* As a host name, and * stands for any letters: "*.example.org". */
bool osg_alias_check(const char *text, struct osb_message *why);

/* The name of an instance: 1 to 63 letters, digits, - _ and dots. */
bool osg_label_check(const char *text, struct osb_message *why);

/* The name of a balancer: as an instance's, in small letters and without _, since httpd folds it
 * and takes it for a host name. */
bool osg_balancer_check(const char *text, struct osb_message *why);

/* A path of a context or page: a slash and letters, digits, - . _ ~, with no slash at the end. */
bool osg_path_check(const char *text, struct osb_message *why);

/* Reads the IPv6 address of a HOST in brackets, "[::1]". */
bool osg_read_ipv6(const char *host, struct in6_addr *address);

/* An IPv6 address without its brackets, or an IPv4 address. */
bool osg_is_ipv6(const char *text);
bool osg_is_ipv4(const char *text);

/* An address of a host's own, IPv4 or IPv6 without brackets, at which another host reaches it. */
bool osg_host_address_check(const char *text, struct osb_message *why);

/* The same with or without the length of its network: "192.0.2.10/24". */
bool osg_virtual_address_check(const char *text, struct osb_message *why);

/* The name of a network interface: 1 to 15 letters, digits, - _ and dots. */
bool osg_interface_check(const char *text, struct osb_message *why);

/* Is the host of a URL, IPv6 in brackets, this machine's loopback: localhost, 127.0.0.0/8, ::1? */
bool osg_is_loopback(const char *host);

/* May everybody know and reach the host of that name or address, IPv6 in brackets? No if it has no
 * dot, ends in what is kept for networks of one's own, or is a private address. */
bool osg_is_public(const char *host);

/* "80", "*:80", "192.0.2.1:80" or "[2001:db8::1]:80". */
bool osg_listen_parse(struct osg_arena *arena, const char *text, struct osg_listen *listen,
                      struct osb_message *why);

/* "all", an address, a network such as 192.0.2.0/24 or a host name. */
bool osg_admission_parse(struct osg_arena *arena, const char *text, struct osg_admission *admission,
                         struct osb_message *why);

/* Is it an LDAP URL, by its beginning? */
bool osg_users_are_ldap(const char *text);

/* Is it one by which passwords leave this machine as they are? */
bool osg_users_are_plain(const char *text);

/* Where users are known: an htpasswd file, or an LDAP URL such as
 * ldaps://ldap.example.org/ou=people,dc=example,dc=org?uid. They want quotes. */
bool osg_users_check(const char *text, struct osb_message *why);

#endif
