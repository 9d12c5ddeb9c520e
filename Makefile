# Mailwicket. `make help` says what there is.
#
# One non-recursive makefile. Each floor is an archive that may use only those below it:
#   base < mail, store < desk < the programs.

BUILD ?= build
PREFIX ?= /usr/local
CC = gcc
CLANG = clang
WARN = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wvla -Wformat=2 -Wno-unused-parameter
CFLAGS ?= -O2 -g
CPPFLAGS += -I. -D_GNU_SOURCE -D_FORTIFY_SOURCE=2
LDFLAGS += -Wl,--as-needed -Wl,-O1

# SAN=1: the test build.
ifeq ($(SAN),1)
CFLAGS = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
CPPFLAGS := $(filter-out -D_FORTIFY_SOURCE=2,$(CPPFLAGS))
endif

# V=1 shows the commands.
ifeq ($(V),1)
say = @:
Q =
else
say = @printf '  %-5s %s\n'
Q = @
endif

PKG = glib-2.0 gmime-3.0 sqlite3 libcurl libpcre2-8 libmicrohttpd nettle
PKG_CFLAGS := $(shell pkg-config --cflags $(PKG) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKG) 2>/dev/null)
COMPILE = $(CC) -std=gnu17 $(WARN) $(CPPFLAGS) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP

FLOORS = desk mail store base
src_base := $(wildcard core/base/*.c)
src_mail := $(wildcard core/mail/*.c)
src_store := $(wildcard schema/*.c)
src_desk := $(wildcard core/desk/*.c)

PROGRAMS = mda notifier webview ctl
name_mda = mailwicket-mda
name_notifier = mailwicket-notifier
name_webview = mailwicket-webview
name_ctl = mailwicket

objects = $(patsubst %,$(BUILD)/obj/%.o,$(basename $(1)))
archives = $(patsubst %,$(BUILD)/lib%.a,$(FLOORS))
binaries = $(foreach p,$(PROGRAMS),$(BUILD)/$(name_$(p)))

all: $(binaries)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(COMPILE) -c -o $@ $<

# --- what is embedded at build time ---------------------------------------------------------

# The numbered DDL, in order, behind one table of names and texts.
$(BUILD)/gen/migrations.c: $(wildcard schema/*.sql) schema/embed.sh schema
	@mkdir -p $(@D)
	$(Q)schema/embed.sh $(sort $(wildcard schema/*.sql)) > $@.tmp && mv $@.tmp $@
$(BUILD)/obj/gen/migrations.o: $(BUILD)/gen/migrations.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(COMPILE) -c -o $@ $<

templates := $(wildcard notifier/templates/*/*)
# The folders too: a file that is gone must go from the program.
$(BUILD)/gen/templates.c: $(templates) notifier/embed.sh $(wildcard notifier/templates/*)
	@mkdir -p $(@D)
	$(Q)notifier/embed.sh $(sort $(templates)) > $@.tmp && mv $@.tmp $@
$(BUILD)/obj/gen/templates.o: $(BUILD)/gen/templates.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(COMPILE) -c -o $@ $<

$(BUILD)/gen/style.c: webview/style.css webview/embed.sh
	@mkdir -p $(@D)
	$(Q)webview/embed.sh webview/style.css > $@.tmp && mv $@.tmp $@
$(BUILD)/obj/gen/style.o: $(BUILD)/gen/style.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(COMPILE) -c -o $@ $<

# --- floors and programs --------------------------------------------------------------------

$(BUILD)/libbase.a: $(call objects,$(src_base))
$(BUILD)/libmail.a: $(call objects,$(src_mail))
$(BUILD)/libstore.a: $(call objects,$(src_store)) $(BUILD)/obj/gen/migrations.o
$(BUILD)/libdesk.a: $(call objects,$(src_desk))
generated_notifier = $(BUILD)/obj/gen/templates.o
generated_ctl = $(BUILD)/obj/gen/templates.o
generated_webview = $(BUILD)/obj/gen/style.o

# mailwicket-mda is started once a mail and would spend half its time loading 21 shared libraries.
# Those it uses are linked into it, where their archives are installed; only libc stays shared.
# With STATIC=0 all do, so that an update of the system reaches them without a new build.
STATIC ?= $(if $(filter 1,$(SAN)),0,1)
STATIC_LIBS = -Wl,--gc-sections -Wl,-Bstatic -lgmime-3.0 -lgobject-2.0 -lglib-2.0 -lffi \
	-lpcre2-8 -lsqlite3 -lnettle -lz -Wl,-Bdynamic -lm
absent = $(BUILD)/obj/core/mail/static/absent.o
link_shared = $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter-out $(absent),$^) $(PKG_LIBS)
# Tried, not asked: what archives there are and what they need differs from system to system.
link_static = $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(STATIC_LIBS) 2>$@.log && rm $@.log || \
	{ echo "        with shared libraries, so it starts slowly: see $@.log"; $(link_shared); }
ifeq ($(STATIC),1)
$(BUILD)/$(name_mda): $(absent)
link_mda = $(link_static)
endif

define program
src_$(1) := $$(wildcard $(1)/*.c)
# All but main, so that tests can link it.
$(BUILD)/lib$(1).a: $$(call objects,$$(filter-out $(1)/main.c,$$(src_$(1)))) $$(generated_$(1))
$(BUILD)/$(name_$(1)): $$(call objects,$(1)/main.c) $(BUILD)/lib$(1).a $(archives)
	$$(say) LINK $$@
	$$(Q)$$(or $$(link_$(1)),$$(link_shared))
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

$(BUILD)/lib%.a:
	@mkdir -p $(@D)
	$(say) AR $@
	@rm -f $@
	$(Q)ar rcs $@ $^

# --- tests ----------------------------------------------------------------------------------

unit_sources := $(wildcard tests/unit/*/*.c)
unit_tests := $(patsubst %.c,$(BUILD)/%,$(unit_sources))
program_archives = $(patsubst %,$(BUILD)/lib%.a,$(PROGRAMS))
$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(program_archives) $(archives)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# Measures that are programs, linked as mailwicket-mda is.
$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/libmail.a $(BUILD)/libbase.a $(absent)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(link_static)

# Fuzzers are built from the sources by clang, whose coverage they need.
fuzz_sources := $(wildcard tests/fuzz/fuzz-*.c)
fuzzers := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(fuzz_sources))
FUZZ_CFLAGS = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
fuzz_objects = $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,\
	$(src_base) $(src_mail) $(src_store) $(src_desk) \
	$(filter-out webview/main.c,$(src_webview)) $(filter-out mda/main.c,$(src_mda)) \
	$(filter-out notifier/main.c,$(src_notifier)))
$(BUILD)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(say) CLANG $<
	$(Q)$(CLANG) -std=gnu17 -I. -D_GNU_SOURCE $(FUZZ_CFLAGS) $(PKG_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/obj/gen/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$(say) CLANG $<
	$(Q)$(CLANG) -std=gnu17 -I. -D_GNU_SOURCE $(FUZZ_CFLAGS) $(PKG_CFLAGS) -c -o $@ $<
$(BUILD)/fuzz/libfuzzed.a: $(fuzz_objects) $(BUILD)/fuzz/obj/gen/migrations.o $(BUILD)/fuzz/obj/gen/style.o
	$(say) AR $@
	@rm -f $@
	$(Q)ar rcs $@ $^
$(BUILD)/fuzz/fuzz-%: tests/fuzz/fuzz-%.c $(BUILD)/fuzz/libfuzzed.a
	$(say) CLANG $<
	$(Q)$(CLANG) -std=gnu17 -I. -D_GNU_SOURCE -O1 -g -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=undefined $(PKG_CFLAGS) -o $@ $^ $(PKG_LIBS)

# What `make check` and `make demo` need is installed first: pkg-config is only asked by the
# second make.
check:
	tests/setup check
	$(MAKE) BUILD=build all
	$(MAKE) SAN=1 BUILD=build/check tests
	tests/run build/check

# Everything tests/run wants in a build directory.
tests: all $(unit_tests) $(fuzzers)

demo:
	tests/setup build
	$(MAKE) all
	tests/demo/demo

# A minute each; T=300 for five.
T ?= 60
fuzz:
	tests/setup check
	$(MAKE) $(fuzzers)
	tests/fuzz/long $(BUILD) $(T) $(FUZZ)

# Every fault at every step; a short form is part of `make check`.
faults:
	tests/setup check
	$(MAKE) all
	tests/faults/faults $(FAULTS)

lint:
	tests/setup check
	tests/lint

bench:
	tests/setup bench
	$(MAKE) all $(BUILD)/bench/read
	tests/bench/bench

format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

# Below PREFIX; DESTDIR in front of it for packages. The units name the programs where they will
# be, so systemd must look there: it does below /usr and /usr/local.
UNITDIR = $(PREFIX)/lib/systemd/system
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man8 \
		$(DESTDIR)$(UNITDIR) $(DESTDIR)$(PREFIX)/share/doc/mailwicket/postfix-example
	install -m 755 $(binaries) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(wildcard postfix-example/*) \
		$(DESTDIR)$(PREFIX)/share/doc/mailwicket/postfix-example/
	for page in $(wildcard */*.1 */*.5 */*.8); do \
		install -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/ || exit 1; done
	for unit in $(notdir $(wildcard packaging/*.service packaging/*.socket)); do \
		sed 's|@BINDIR@|$(PREFIX)/bin|' packaging/$$unit >$(DESTDIR)$(UNITDIR)/$$unit && \
		chmod 644 $(DESTDIR)$(UNITDIR)/$$unit || exit 1; done

clean:
	rm -rf build

help:
	@echo 'make          the programs, in build/'
	@echo 'make demo     a private desk with a few mails, and its page (ONCE=1: then stop)'
	@echo 'make check    every test, on a build with sanitizers'
	@echo 'make lint     floors, format, cppcheck'
	@echo 'make bench    speed, as ratios against peers'
	@echo 'make fuzz     every fuzzer for a minute (T=300: five; FUZZ="html quote": only these)'
	@echo 'make faults   nothing lost, whatever fails and wherever (FAULTS="storm held_lock": only these)'
	@echo 'make install  programs, man pages, systemd units and examples below PREFIX ($(PREFIX))'

-include $(shell find $(BUILD)/obj $(BUILD)/fuzz/obj -name '*.d' 2>/dev/null)

.PHONY: all check tests demo faults lint bench fuzz format install clean help
.SECONDARY:
