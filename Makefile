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

PKG = glib-2.0 gmime-3.0 sqlite3 libcurl libpcre2-8 libmicrohttpd
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
	$(COMPILE) -c -o $@ $<

# --- what is embedded at build time ---------------------------------------------------------

# The numbered DDL, in order, behind one table of names and texts.
$(BUILD)/gen/migrations.c: $(wildcard schema/*.sql) schema/embed.sh
	@mkdir -p $(@D)
	schema/embed.sh $(sort $(wildcard schema/*.sql)) > $@.tmp && mv $@.tmp $@
$(BUILD)/obj/gen/migrations.o: $(BUILD)/gen/migrations.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

templates := $(wildcard notifier/templates/*/*)
$(BUILD)/gen/templates.c: $(templates) notifier/embed.sh
	@mkdir -p $(@D)
	notifier/embed.sh $(sort $(templates)) > $@.tmp && mv $@.tmp $@
$(BUILD)/obj/gen/templates.o: $(BUILD)/gen/templates.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(BUILD)/gen/style.c: webview/style.css webview/embed.sh
	@mkdir -p $(@D)
	webview/embed.sh webview/style.css > $@.tmp && mv $@.tmp $@
$(BUILD)/obj/gen/style.o: $(BUILD)/gen/style.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

# --- floors and programs --------------------------------------------------------------------

$(BUILD)/libbase.a: $(call objects,$(src_base))
$(BUILD)/libmail.a: $(call objects,$(src_mail))
$(BUILD)/libstore.a: $(call objects,$(src_store)) $(BUILD)/obj/gen/migrations.o
$(BUILD)/libdesk.a: $(call objects,$(src_desk))
generated_notifier = $(BUILD)/obj/gen/templates.o
generated_webview = $(BUILD)/obj/gen/style.o

define program
src_$(1) := $$(wildcard $(1)/*.c)
# All but main, so that tests can link it.
$(BUILD)/lib$(1).a: $$(call objects,$$(filter-out $(1)/main.c,$$(src_$(1)))) $$(generated_$(1))
$(BUILD)/$(name_$(1)): $$(call objects,$(1)/main.c) $(BUILD)/lib$(1).a $(archives)
	$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(PKG_LIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

$(BUILD)/lib%.a:
	@mkdir -p $(@D)
	@rm -f $@
	ar rcs $@ $^

# --- tests ----------------------------------------------------------------------------------

unit_sources := $(wildcard tests/unit/*/*.c)
unit_tests := $(patsubst %.c,$(BUILD)/%,$(unit_sources))
$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(patsubst %,$(BUILD)/lib%.a,$(PROGRAMS)) $(archives)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

.PHONY: all check demo lint bench fuzz format clean help
.SECONDARY:
