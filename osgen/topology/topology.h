/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model: a site as it was accepted, with every default filled in. Emitters take it const. The
 * places say where something was written, for what can only be judged when all is read.
 */
#ifndef OSG_TOPOLOGY_H
#define OSG_TOPOLOGY_H

#include "url.h"
#include "base/file.h"
#include "problem/codes.h"
#include "problem/place.h"

#include "core/settings.h"

#include <stdbool.h>

/* A value and where it stands. */
struct osg_word {
    const char *text;       /* NULL: not given, or switched off */
    struct osg_place place; /* line 0: a default */
};

struct osg_words {
    struct osg_word *items; /* in the order of the topology */
    size_t count;           /* how many */
};

/* A number and where it stands. */
struct osg_amount {
    uint32_t number;
    struct osg_place place; /* line 0: a default */
};

/* An address on which the site answers. */
struct osg_listen {
    const char *address;    /* "*", "192.0.2.1" or "[2001:db8::1]" */
    uint32_t port;          /* 1 to 65535 */
    struct osg_place place; /* where it was written */
};

struct osg_listens {
    struct osg_listen *items; /* at least one */
    size_t count;             /* how many */
};

enum osg_admission_type {
    OSG_ADMIT_HOST,    /* a host name, found by looking the client up */
    OSG_ADMIT_NETWORK, /* an address, or a network in CIDR form */
    OSG_ADMIT_ALL      /* everybody */
};

/* One rule of who may come in. */
struct osg_admission {
    enum osg_admission_type type; /* how the client is recognised */
    const char *text;             /* the name or network */
    struct osg_place place;       /* where it was written */
};

struct osg_admissions {
    struct osg_admission *items; /* none: no rule of this kind */
    size_t count;                /* how many */
};

/* Of two ways to be let in. */
struct osg_satisfy {
    bool any;               /* is one enough? default no */
    struct osg_place place; /* where that was said; line 0: nowhere */
};

/* Who may come in: by where they are, by a password, or both. */
struct osg_access {
    struct osg_admissions allow; /* none: from anywhere, if a password is asked for */
    struct osg_word users;       /* htpasswd file or LDAP URL; NULL text: no password */
    struct osg_satisfy satisfy;  /* of the two */
};

/* A certificate that mod_md gets from an authority, and renews. */
struct osg_managed {
    struct osg_word contact;   /* whom the authority writes to: an e-mail address */
    struct osg_word agreement; /* "accepted": its terms are */
    struct osg_word authority; /* a URL, or a name that mod_md knows; NULL text: Let's Encrypt */
    struct osg_place place;    /* of managed:; line 0: there are files instead */
};

/* Versions of TLS; bits of osg_tls.protocols. */
#define OSG_TLS_1_2 1u
#define OSG_TLS_1_3 2u

/* Files are named as httpd finds them: from the root, or from its ServerRoot. */
struct osg_tls {
    bool on;                     /* does the site speak TLS? default no */
    struct osg_place place;      /* of tls: */
    struct osg_word certificate; /* PEM, the site's own first; NULL text: it is managed */
    struct osg_word key;         /* PEM; NULL text: in the certificate's file */
    struct osg_word chain;       /* PEM; NULL text: in the certificate's file, or none */
    struct osg_managed managed;  /* in place of the three */
    unsigned protocols;          /* which are spoken; default 1.2 and 1.3 */
    uint32_t hsts_days;          /* in which browsers won't come without TLS; 0: off; 180 */
    bool redirect;               /* does port 80 lead to https? default yes */
};

/* Limits of uploads that somebody may want, in bytes: 1k and 1G. */
#define OSG_UPLOAD_MIN (1u << 10)
#define OSG_UPLOAD_MAX (1u << 30)

struct osg_site {
    struct osg_word name;       /* ServerName: a host name or an IPv4 address */
    struct osg_words aliases;   /* ServerAlias: host names, * for any letters */
    struct osg_listens listens; /* default: port 80 of every address, or 443 with TLS */
    struct osg_word context;    /* the path under which users see OpenSpecimen; "/openspecimen" */
    struct osg_access access;   /* who may use it; default everybody */
    struct osg_tls tls;         /* how users' connections are encrypted */
    struct osg_word saml;       /* do users sign in by SAML? NULL text: no, the default */
    bool redirects_root;        /* does / lead to the context? default yes */
    uint32_t max_upload;        /* bytes of a request's body; 0: any number, the default */
    struct osg_word log;        /* file with a line of each request; NULL text: the server's */
    struct osg_word error_log;  /* file with the site's errors; NULL text: the server's */
};

/* The AJP secret: in the topology, in the environment or in a file, never two of them. */
struct osg_secret {
    struct osg_word value; /* 1 to 63 printable ASCII characters; once read, the others' too */
    struct osg_word file;  /* a path, relative to the topology's directory */
    struct osg_file_id id; /* what was read from there; no file: nothing */
};

struct osg_instance {
    struct osg_word name;     /* for people, unique; NULL text: none was given */
    const char *route;        /* what the sticky cookie calls it, unique; NULL: there is none */
    struct osg_url url;       /* scheme, host, port and context of the member */
    struct osg_place place;   /* of the URL */
    uint32_t weight;          /* share of the requests, 1 to 100; default 1 */
    bool standby;             /* takes requests only when all others can't; default no */
    bool disabled;            /* takes none until somebody enables it; default no */
    uint32_t lbset;           /* takes requests when no instance of a lower set can; default 0 */
    struct osg_secret secret; /* ajp:// only; default: the balance's */
    struct osg_url peer_url;  /* of its own Tomcat over HTTP; no scheme: not given */
    struct osg_amount max_threads;     /* requests at a time; default: the capacity's */
    struct osg_amount max_connections; /* the same for connections; 0: Tomcat's own default */
};

struct osg_instances {
    struct osg_instance *items; /* at least one */
    size_t count;               /* how many */
};

struct osg_checks {
    bool on;                    /* are the members checked? default yes */
    struct osb_health settings; /* with defaults, as the module will have them */
    struct osg_word *given;     /* each osb_health_settings row as it was given */
    struct osg_place place;     /* of health: */
};

struct osg_failover {
    bool on;                      /* may safe requests go on? default yes, with the checks */
    struct osb_failover settings; /* with defaults, as the module will have them */
    struct osg_word *given;       /* each osb_failover_settings row as it was given */
    struct osg_place place;       /* of failover:; line 0: not given */
};

/* The sticky cookie unless it is named. */
#define OSG_STICKY "ROUTEID"

struct osg_balance {
    struct osg_word method; /* struct osg_method's name; default "byrequests"; NULL text: refused */
    struct osg_word sticky; /* the cookie that keeps a user with an instance; NULL text: none */
    struct osg_word name;   /* of the balancer; default "os-cluster" */
    uint32_t timeout_ms;    /* the longest silence of a member in a request; 180 s */
    struct osg_place timeout_place;         /* line 0: the default */
    uint32_t connect_timeout_ms;            /* the longest wait for a connection; 5 s */
    struct osg_place connect_timeout_place; /* line 0: the default */
    struct osg_amount retry_ms;     /* how long mod_proxy leaves a member alone that it can't reach;
                                       whole seconds; default: as the checks have it, or httpd */
    struct osg_amount max_attempts; /* other members that mod_proxy may try; default: httpd's own */
    struct osg_amount growth;       /* members that may be added while httpd runs; the same */
    struct osg_word nofailover;     /* "On": sticky users get an error without their member */
    struct osg_checks health;       /* mod_os_balancer's checks */
    struct osg_failover failover;   /* mod_os_balancer's failover */
    struct osg_word skew;           /* policy for members of another build; default: the module's */
    struct osg_secret secret;       /* of every ajp:// instance that has none of its own */
};

struct osg_admin {
    struct osg_admissions allow;   /* who may see the pages; none, nor users: this machine only */
    struct osg_word users;         /* as osg_access has it */
    struct osg_satisfy satisfy;    /* the same */
    struct osg_word manager;       /* path of /balancer-manager; NULL text: off */
    struct osg_word status;        /* path of /balancer-status; NULL text: off */
    struct osg_word server_status; /* path of /server-status; NULL text: off */
    struct osg_word extended;      /* ExtendedStatus, "On" or "Off"; NULL text: left to httpd */
};

/* What is of the whole httpd, which has it once: sites on one host say the same, or nothing. */
struct osg_server {
    struct osg_word state_file; /* OSBalancerStateFile; NULL text: none */
    struct osg_word notify;     /* OSBalancerNotify; the same */
};

/* What the nodes tell one another, by themselves and not through httpd. */
struct osg_peers {
    struct osg_secret secret; /* by which they know one another */
    uint32_t timeout_ms;      /* the longest wait for a peer's receipt; whole seconds, 60 s */
    struct osg_words mail;    /* who is told of what a peer didn't take */
};

/* The most that the keys for it take, well above what machines do. */
#define OSG_WORKERS_MAX     100000
#define OSG_THREADS_MAX     100000
#define OSG_CONNECTIONS_MAX 1000000

/* How much each end of the wire takes at a time. */
struct osg_capacity {
    struct osg_amount max_request_workers; /* httpd's; 0: not given */
    struct osg_amount max_threads;         /* of each instance's Tomcat; 200, as Tomcat has it */
    struct osg_amount max_connections;     /* the same; 0: Tomcat's own default */
};

/* A warning that needn't be told. */
struct osg_silence {
    enum osg_code code;
    struct osg_word word; /* its name, as written */
    bool used;            /* was there such a warning? */
};

struct osg_silences {
    struct osg_silence *items; /* in the order of the topology */
    size_t count;              /* how many */
};

/* One of the two hosts that balance. */
struct osg_host {
    struct osg_word name;      /* unique */
    struct osg_word address;   /* its own: IPv4, or IPv6 without brackets */
    struct osg_word interface; /* the network interface that gets the virtual addresses */
    uint32_t priority;         /* whose is higher has them while both are well; 200, 100 */
    struct osg_place place;    /* of the host */
};

struct osg_hosts {
    struct osg_host *items; /* two, once all is judged */
    size_t count;           /* how many could be read */
    size_t given;           /* how many were given */
    struct osg_place place; /* of hosts: */
};

/* A second balancer host, and how the two of them share the site's addresses. */
struct osg_pair {
    struct osg_place place;      /* of pair:; line 0: there is one host */
    struct osg_hosts hosts;      /* the two */
    struct osg_words addresses;  /* virtual ones, each with or without "/24" */
    uint32_t router;             /* VRRP's number of the pair; 51 */
    uint32_t interval_ms;        /* between two advertisements; hundredths of a second, 1 s */
    uint32_t check_port;         /* of the loopback, where the check asks; 8008 */
    const struct osg_host *self; /* for which is rendered; NULL: it wasn't said */
};

struct osg_topology {
    const char *file;               /* base name of the topology, for the header */
    struct osg_site site;           /* what users see */
    struct osg_instances instances; /* the OpenSpecimen nodes */
    struct osg_balance balance;     /* how requests are dealt out to them */
    struct osg_admin admin;         /* the pages for administrators */
    struct osg_server server;       /* what is of the whole httpd */
    struct osg_peers peers;         /* what the nodes tell one another */
    struct osg_capacity capacity;   /* how much httpd and the instances take */
    struct osg_silences silence;    /* warnings that needn't be told */
    struct osg_pair pair;           /* two balancer hosts */
    struct osg_word raw;            /* lines of httpd's, as osg_raw_check lets them pass, or NULL */
};

/* Does any instance have an AJP secret? Who renders it makes a file that is nobody else's business.
 */
bool osg_topology_has_secret(const struct osg_topology *topology);

/* Is there a port that httpd doesn't listen on by itself? */
bool osg_topology_needs_listen(const struct osg_topology *topology);

#endif
