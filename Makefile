# SPDX-License-Identifier: Apache-2.0
#
#   make            build/mod_os_balancer.so and build/osgen
#   make test       everything but make test-docker, ending in a line of totals
#   make demo       two nodes and a balancer on this machine, until Ctrl-C
#   make install    DESTDIR=, PREFIX=; the module goes where apxs says
#   make build-deps installs what is missing of the packages that building needs
#   make deps       the same for building, testing and the demo
#   make help       the other targets

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

PREFIX  ?= /usr/local
BUILD   ?= build
PYTHON  ?= /usr/bin/python3
APXS    ?= $(firstword $(shell command -v apxs apxs2 2>/dev/null))
ifeq ($(origin CC),default)
CC      := gcc
endif
AR      := ar

# ---- how each ring is compiled -------------------------------------------------------------------
# Core sees its own folder and jansson. The others are given what they stand on, and no more;
# tests/integration/test_rings.py reads the compiler's own dependency files and fails on any arrow
# that goes the wrong way.

# SANITIZE=1 builds everything under AddressSanitizer and UndefinedBehaviorSanitizer.
ifdef SANITIZE
SANITIZER := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
CFLAGS   ?= -O2 -g
# Packages bring a level of their own.
FORTIFY  := $(if $(SANITIZE)$(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,-D_FORTIFY_SOURCE=2)
HARDEN   := -fstack-protector-strong $(FORTIFY)
COMMON   := -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden $(WARNINGS) $(HARDEN) $(SANITIZER)
STRICT   := -Wconversion

CORE_CFLAGS   = $(STRICT) -Imod_os_balancer
PROBE_CFLAGS  = $(STRICT) -Imod_os_balancer
OSGEN_CFLAGS  = $(STRICT) -Imod_os_balancer -Iosgen
TESTS_CFLAGS  = $(STRICT) -Imod_os_balancer -Iosgen -Itests/unit
# httpd's headers are system headers to us: their warnings aren't ours to mend.
MODULE_CFLAGS = -Imod_os_balancer -isystem $(shell $(APXS) -q INCLUDEDIR) \
                $(subst -I,-isystem ,$(shell $$($(APXS) -q APR_CONFIG) --includes)) \
                $(shell $$($(APXS) -q APR_CONFIG) --cppflags)

# ---- what is built -------------------------------------------------------------------------------

sources  = $(sort $(wildcard $(addsuffix /*.c,$(1))))
objects  = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

CORE     := $(call sources,mod_os_balancer/core)
PROBE    := $(call sources,mod_os_balancer/probe)
MODULE   := $(call sources,mod_os_balancer)
OSGEN    := $(call sources,osgen osgen/*)
STANDIN  := $(call sources,tests/standin)
UNIT     := $(sort $(wildcard tests/unit/test_*.c))
FUZZ     := $(sort $(wildcard tests/fuzz/fuzz_*.c))

UNIT_BIN := $(UNIT:tests/unit/%.c=$(BUILD)/unit/%)
FUZZ_BIN := $(FUZZ:tests/fuzz/%.c=$(BUILD)/fuzz/%)

.PHONY: all tests help
all: $(BUILD)/mod_os_balancer.so $(BUILD)/osgen
tests: all $(BUILD)/standin $(BUILD)/probe_once $(BUILD)/yaml_parse $(BUILD)/fault_at.so $(UNIT_BIN) $(FUZZ_BIN)

help:
	@sed -n '/^# SPDX/d; /^#/!q; s/^# \{0,1\}//p' Makefile
	@echo '  make clean             removes build/'
	@echo '  make format            rewrites every C file in the look of .clang-format'
	@echo '  make lint              clang-format and clang-tidy, changing nothing'
	@echo '  make compile_commands.json   for clangd and other tools (needs bear)'
	@echo '  make deb               Debian packages of the module and osgen, in build/deb/'
	@echo '  make rpm               the same for RHEL and Fedora, in build/rpm/; RELEASE=2 for both:'
	@echo '                         another build of the same version'
	@echo '  make test-docker       the images and compose.yaml of docker/ on a real engine, and the'
	@echo '                         packages, installed in a fresh Debian'
	@echo '  make test-httpd        tests/integration on another httpd, built of HTTPD_SOURCE=, a folder'
	@echo '  make bench             this module, mod_proxy_hcheck and HAProxy side by side;'
	@echo '                         BENCH=members, notice or handover for one table alone'
	@echo '  make bench-faults      what users notice of a member that breaks, beside httpd, nginx and'
	@echo '                         HAProxy; BENCH_FAULTS="kill hang" BENCH_SYSTEMS="least-time nginx"'
	@echo '                         for a part of it; tests/bench/settings.py has all names'
	@echo '  make bench-proxy       what a request costs on its way through, beside stock httpd and HAProxy'
	@echo '  make bench-render      what osgen render costs, beside libyaml that only parses the same file'
	@echo '  make soak              faults at random for SOAK_SECONDS, 600 unless set'
	@echo '  make fuzz-NAME         runs tests/fuzz/fuzz_NAME.c under libFuzzer for FUZZ_SECONDS'
	@echo '  make SANITIZE=1 BUILD=build/asan tests   the same build under ASan and UBSan'

$(BUILD)/obj/mod_os_balancer/core/%.o:  RING = $(CORE_CFLAGS)
$(BUILD)/obj/mod_os_balancer/probe/%.o: RING = $(PROBE_CFLAGS)
$(BUILD)/obj/osgen/%.o:                 RING = $(OSGEN_CFLAGS)
$(BUILD)/obj/tests/%.o:                 RING = $(TESTS_CFLAGS)
$(call objects,$(MODULE)):              RING = $(MODULE_CFLAGS)

# -MD writes down every header that was read, the system's too: test_rings.py reads it.
$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(RING) $(CFLAGS) $(CPPFLAGS) -MD -MP -c -o $@ $<

$(BUILD)/libcore.a: $(call objects,$(CORE))
$(BUILD)/libprobe.a: $(call objects,$(PROBE))
$(BUILD)/lib%.a:
	@rm -f $@
	$(AR) rcs $@ $^

# Undefined symbols are httpd's and APR's, which the server brings along.
$(BUILD)/mod_os_balancer.so: $(call objects,$(MODULE)) $(BUILD)/libprobe.a $(BUILD)/libcore.a
	$(CC) -shared $(SANITIZER) $(LDFLAGS) -o $@ $^ -lcurl -ljansson

$(BUILD)/osgen: $(call objects,$(OSGEN)) $(BUILD)/libprobe.a $(BUILD)/libcore.a
	$(CC) $(SANITIZER) $(LDFLAGS) -o $@ $^ -lyaml -lcurl -ljansson

$(BUILD)/standin: $(call objects,$(STANDIN))
	$(CC) $(SANITIZER) $(LDFLAGS) -o $@ $^ -lpthread

$(BUILD)/probe_once: $(BUILD)/obj/tests/tools/probe_once.o $(BUILD)/libprobe.a $(BUILD)/libcore.a
	$(CC) $(SANITIZER) $(LDFLAGS) -o $@ $^ -lcurl -ljansson

# Loads what osgen loads, which it needs nothing of, so that the two can be compared.
$(BUILD)/yaml_parse: $(BUILD)/obj/tests/tools/yaml_parse.o
	$(CC) $(SANITIZER) $(LDFLAGS) -Wl,--no-as-needed -o $@ $^ -lyaml -lcurl -ljansson

# For LD_PRELOAD, so never under the sanitizers, which want to be first.
$(BUILD)/fault_at.so: tests/tools/fault_at.c
	@mkdir -p $(@D)
	$(CC) $(filter-out $(SANITIZER),$(COMMON)) $(STRICT) $(CFLAGS) -shared -o $@ $< -ldl

# A unit test sees core, probe and all of osgen but its main.
OSGEN_PARTS = $(filter-out %/main.o,$(call objects,$(OSGEN)))
$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(OSGEN_PARTS) $(BUILD)/libprobe.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) -rdynamic $(SANITIZER) $(LDFLAGS) -o $@ $^ -lcmocka -lyaml -lcurl -ljansson -lpthread

# A fuzz target is an ordinary program too: with fuzz_main it replays the files it is given.
$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/main.o $(OSGEN_PARTS) \
                 $(BUILD)/libprobe.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(SANITIZER) $(LDFLAGS) -o $@ $^ -lyaml -lcurl -ljansson

.SECONDARY:
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- tests ---------------------------------------------------------------------------------------

.PHONY: test test-docker test-httpd check-build bench bench-faults bench-proxy bench-render soak demo \
        deps build-deps lint format clean install
ASAN  = $(BUILD)/asan
CLANG = $(BUILD)/clang

# The same sources three times: gcc, gcc under the sanitizers, clang.
check-build:
	+$(MAKE) tests
	+$(MAKE) tests SANITIZE=1 BUILD=$(ASAN) CFLAGS='-O1 -g'
	+$(MAKE) tests CC=clang BUILD=$(CLANG)

test: deps
	+$(MAKE) check-build
	+$(MAKE) lint
# Clocks and processes are real here: what fails is tried once more, and told as "rerun".
	$(PYTHON) -m pytest -c tests/pytest.ini --reruns 1 --ignore tests/docker tests

# On a Docker engine, where one answers, and in a Debian of its own, where one can be made.
test-docker:
	@tests/deps.sh docker
	+$(MAKE) $(BUILD)/standin
# Images take longer than any test may.
	$(PYTHON) -m pytest -c tests/pytest.ini -o faulthandler_timeout=1800 tests/docker

# Another httpd than the system's: its unpacked source is built and installed once, to build/ too.
OTHER = build/$(notdir $(abspath $(HTTPD_SOURCE)))
$(OTHER)/httpd/bin/apxs:
	tests/tools/build_httpd.sh $(or $(HTTPD_SOURCE),$(error HTTPD_SOURCE= names the unpacked source \
	    of an httpd)) $(abspath $(OTHER)/httpd)

test-httpd: export BUILD = $(OTHER)
test-httpd: export APXS = $(abspath $(OTHER)/httpd/bin/apxs)
test-httpd: deps $(OTHER)/httpd/bin/apxs
	+$(MAKE) check-build
	$(PYTHON) -m pytest -c tests/pytest.ini --reruns 1 tests/integration

demo: deps
	+$(MAKE) all $(BUILD)/standin
	@$(PYTHON) tests/demo.py

deps:
	@tests/deps.sh test

build-deps:
	@tests/deps.sh build

# No part of the tests: their figures are the machine's. tests/bench/settings.py makes them smaller.
bench bench-faults bench-proxy bench-render soak: export PYTHONPATH = tests
bench:
	@tests/deps.sh bench
	+$(MAKE) all $(BUILD)/standin
	@$(PYTHON) -m bench $(BENCH)

# Without nginx or HAProxy it goes on with the others.
bench-faults: deps
	-@tests/deps.sh bench
	+$(MAKE) all
	@$(PYTHON) -m bench faults

bench-proxy:
	@tests/deps.sh bench
	+$(MAKE) all $(BUILD)/standin
	@$(PYTHON) -m bench proxy

bench-render: deps
	+$(MAKE) all $(BUILD)/yaml_parse
	@$(PYTHON) -m bench render

soak: deps
	+$(MAKE) all $(BUILD)/standin
	@$(PYTHON) -m soak

FUZZ_SECONDS ?= 60
fuzz-%:
	+$(MAKE) $(BUILD)/libfuzzer/$* BUILD=$(BUILD)
	mkdir -p $(BUILD)/fuzz-corpus/$*
	$(BUILD)/libfuzzer/$* -max_total_time=$(FUZZ_SECONDS) $(BUILD)/fuzz-corpus/$* \
	    tests/fuzz/corpus/$*

$(BUILD)/libfuzzer/%: tests/fuzz/fuzz_%.c $(CORE) $(PROBE) $(filter-out osgen/main.c,$(OSGEN))
	@mkdir -p $(@D)
	clang -std=c11 -D_GNU_SOURCE -O1 -g -fsanitize=fuzzer,address,undefined \
	    $(TESTS_CFLAGS) -o $@ $^ -lyaml -lcurl -ljansson

# ---- the look ------------------------------------------------------------------------------------

OWN_C := $(CORE) $(PROBE) $(MODULE) $(OSGEN) $(STANDIN) $(UNIT) \
         $(call sources,tests/fuzz tests/tools)
OWN_H := $(sort $(wildcard mod_os_balancer/*.h mod_os_balancer/*/*.h osgen/*.h osgen/*/*.h tests/*/*.h))

lint:
	clang-format --dry-run -Werror $(OWN_C) $(OWN_H)
	echo $(CORE) $(PROBE) $(OSGEN) | xargs -P $(shell nproc) -n 8 sh -c \
	    'clang-tidy --quiet "$$@" -- -std=c11 -D_GNU_SOURCE $(OSGEN_CFLAGS) 2>/dev/null' tidy
	clang-tidy --quiet $(MODULE) -- -std=c11 -D_GNU_SOURCE $(MODULE_CFLAGS) 2>/dev/null

format:
	clang-format -i $(OWN_C) $(OWN_H)

compile_commands.json: Makefile
	@command -v bear >/dev/null || { echo 'this needs bear: apt-get install bear' >&2; exit 1; }
	bear --output $@ -- $(MAKE) tests BUILD=build/bear

# ---- install -------------------------------------------------------------------------------------

# What osgen says of itself: its file, and what it is told.
$(BUILD)/share/man/man1/osgen.1:                  PAGE = help --man osgen
$(BUILD)/share/man/man5/osgen-topology.5:         PAGE = help --man osgen-topology
$(BUILD)/share/bash-completion/completions/osgen: PAGE = help --completion bash
$(BUILD)/share/zsh/site-functions/_osgen:         PAGE = help --completion zsh
$(BUILD)/share/osgen/topology.schema.json:        PAGE = schema
PAGES := $(addprefix share/,man/man1/osgen.1 man/man5/osgen-topology.5 \
           bash-completion/completions/osgen zsh/site-functions/_osgen osgen/topology.schema.json)

$(addprefix $(BUILD)/,$(PAGES)): $(BUILD)/osgen
	@mkdir -p $(@D)
	$(BUILD)/osgen $(PAGE) >$@

install: all $(addprefix $(BUILD)/,$(PAGES))
	install -D -m 755 $(BUILD)/osgen $(DESTDIR)$(PREFIX)/bin/osgen
	for page in $(PAGES); do \
	    install -D -m 644 $(BUILD)/$$page $(DESTDIR)$(PREFIX)/$$page || exit 1; done
	install -D -m 755 $(BUILD)/mod_os_balancer.so \
	    $(DESTDIR)$(shell $(APXS) -q LIBEXECDIR)/mod_os_balancer.so

# ---- packages ------------------------------------------------------------------------------------

VERSION     = $(shell sed -n 's/^.define OSB_VERSION "\(.*\)"/\1/p' mod_os_balancer/core/vocabulary.h)
RELEASE    ?= 1
MAINTAINER ?= mod_os_balancer <os-balancer@example.org>
NAMED       = mod_os_balancer-$(VERSION)
TARBALL     = $(BUILD)/$(NAMED).tar.gz
PACKAGING  := docker/packaging

# The date of all that is packed: Debian packages of one commit are alike whenever they are built.
EPOCH = $(shell git log -1 --format=%ct 2>/dev/null || date -r Makefile +%s)
deb rpm tarball: export SOURCE_DATE_EPOCH ?= $(EPOCH)
dated = $(shell LC_ALL=C date -u -d @$(SOURCE_DATE_EPOCH) $(1))

FILL = sed -e 's/@VERSION@/$(VERSION)/g; s/@RELEASE@/$(RELEASE)/g; s/@MAINTAINER@/$(MAINTAINER)/g' \
           -e 's/@DATE@/$(call dated,-R)/; s/@DAY@/$(call dated,"+%a %b %d %Y")/'
# What was said to this make isn't meant for the one in a package.
APART = env -u MAKEFLAGS -u BUILD

# What a package brings for httpd to read is the reference, of which the state file's line alone counts.
$(BUILD)/os_balancer.conf: conf/reference.conf
	@mkdir -p $(@D)
	sed '/^OSBalancerStateFile/!s/^\( *\)\([^ #]\)/\1#\2/' $< >$@

.PHONY: tarball deb rpm
# What building needs, whether git has it yet or not.
tarball:
	@mkdir -p $(BUILD)
	tar -c --sort=name --mtime=@$(SOURCE_DATE_EPOCH) --owner=0 --group=0 --numeric-owner \
	    --mode=u+rw,go=rX --transform='s,^,$(NAMED)/,' Makefile README.md DESIGN.md LICENSE conf \
	    docker mod_os_balancer osgen tests/deps.sh | gzip -n >$(TARBALL)

deb: tarball
	@tests/deps.sh deb
	rm -rf $(BUILD)/deb
	mkdir $(BUILD)/deb
	cp $(TARBALL) $(BUILD)/deb/mod-os-balancer_$(VERSION).orig.tar.gz
	tar -C $(BUILD)/deb -xf $(TARBALL)
	cp -r $(PACKAGING)/debian $(BUILD)/deb/$(NAMED)
	cd $(BUILD)/deb/$(NAMED)/debian && $(FILL) -i changelog control
	cd $(BUILD)/deb/$(NAMED) && $(APART) dpkg-buildpackage -us -uc

RPMBUILD ?= rpmbuild
rpm: tarball
	@command -v rpmbuild >/dev/null || { echo 'this needs rpmbuild: dnf install rpm-build' >&2; exit 1; }
	rm -rf $(BUILD)/rpm
	mkdir -p $(BUILD)/rpm/SOURCES
	cp $(TARBALL) $(BUILD)/rpm/SOURCES
	$(FILL) $(PACKAGING)/mod_os_balancer.spec >$(BUILD)/rpm/mod_os_balancer.spec
	$(APART) $(RPMBUILD) --define '_topdir $(abspath $(BUILD))/rpm' -ba $(BUILD)/rpm/mod_os_balancer.spec

clean:
	rm -rf build compile_commands.json
