# Written by osgen 0.1.0 from "six.yaml". Change that file, not this one, and render it again.
#
# This is /etc/keepalived/keepalived.conf of b. The firewall of each host takes IP protocol 112
# (VRRP) from the other one.

global_defs {
    router_id b
    vrrp_version 3
    # A busy host shall not miss its turn to say that it is there
    vrrp_priority -20
    enable_script_security
}

# Nobody takes connections: the other host takes over at once.
vrrp_script openspecimen_alive {
    script "/usr/libexec/keepalived/openspecimen-check alive 1"
    interval 1
    timeout 10
    fall 1
    rise 3
    user nobody
    init_fail
}

# httpd is silent, or has no instance to send users to: the other host takes over if it is better
# off.
vrrp_script openspecimen_serves {
    script "/usr/libexec/keepalived/openspecimen-check serves"
    interval 2
    timeout 6
    fall 2
    rise 3
    weight -101
    user nobody
}

vrrp_instance openspecimen {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 100
    advert_int 2.05
    # Only these two speak to each other
    unicast_src_ip 2001:db8::3
    unicast_peer {
        2001:db8::2
    }
    check_unicast_src
    virtual_ipaddress {
        2001:db8::10 dev eth0
    }
    track_script {
        openspecimen_alive
        openspecimen_serves
    }
}
