# onrecord: build, test, measure.  `make help` lists the targets.

CC      ?= gcc
BUILD   ?= build
VARIANT ?= release
OUT     := $(BUILD)/$(VARIANT)
LANGUAGE := en
JOBS    ?= $(shell nproc)

PACKAGES := libpcre2-8 jansson libutf8proc libxml-2.0 sqlite3 libarchive zlib uchardet libbrotlidec libmicrohttpd
WARN     := -std=gnu11 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
CFLAGS_release  := -O3 -g -DNDEBUG -flto
CFLAGS_debug    := -O0 -g3
CFLAGS_sanitize := -O1 -g -fsanitize=address,undefined -fno-sanitize=nonnull-attribute -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_coverage := -O0 -g --coverage
LDFLAGS_release := -O3 -flto=2
LDFLAGS_sanitize := -fsanitize=address,undefined
LDFLAGS_coverage := --coverage

ALL_CFLAGS = $(WARN) $(CFLAGS_$(VARIANT)) -D_GNU_SOURCE -Isrc $(shell pkg-config --cflags $(PACKAGES)) $(CFLAGS)
ALL_LIBS   = $(LDFLAGS_$(VARIANT)) $(LDFLAGS) $(shell pkg-config --libs $(PACKAGES)) -lpthread -lm

# The library is everything but the command line.
LIB_SOURCES  := $(sort $(wildcard src/base/*.c src/text/*.c src/engine/*.c src/stages/*.c src/graph/*.c src/input/*.c src/store/*.c src/draw/*.c src/export/*.c src/web/*.c src/fit/*.c src/eval/*.c src/batch/*.c) src/pipeline.c $(wildcard src/onrecord.c))
CLI_SOURCES  := $(sort $(wildcard src/cli/*.c)) src/main.c
PACK_SOURCES := src/build/pack.c
BASE_OF_PACK := $(sort $(wildcard src/base/*.c src/text/*.c) src/engine/features.c src/engine/lexicon.c src/engine/lexbuild.c src/engine/lexlayout.c src/engine/pack.c src/engine/weights.c)
RULE_FILES   := $(sort $(shell find rules/$(LANGUAGE) -name '*.rules' -o -name '*.tsv'))

LIB_OBJECTS := $(LIB_SOURCES:%.c=$(OUT)/%.o) $(OUT)/src/engine/builtin.o $(OUT)/src/store/schema.o $(OUT)/src/web/linked.o
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(OUT)/%.o)

.PHONY: bench-archive all help deps demo check units lint accept clean sanitize debug

all: $(BUILD)/onrecord

$(BUILD)/onrecord: $(OUT)/onrecord
	@cp -f $< $@

$(OUT)/onrecord: $(CLI_OBJECTS) $(OUT)/libonrecord.a
	@echo "  link $@"; $(CC) -o $@ $^ $(ALL_LIBS)

$(OUT)/libonrecord.a: $(LIB_OBJECTS)
	@rm -f $@
	@gcc-ar rcs $@ $^

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The pack: lists, rules and weights, compiled once for all variants by a program that is built without sanitizers.
$(BUILD)/onrecord-pack: $(PACK_SOURCES) $(BASE_OF_PACK) $(wildcard src/base/*.h src/text/*.h src/engine/*.h)
	@mkdir -p $(@D)
	@$(CC) $(WARN) -O2 -D_GNU_SOURCE -Isrc $(shell pkg-config --cflags $(PACKAGES)) -o $@ $(PACK_SOURCES) $(BASE_OF_PACK) $(shell pkg-config --libs $(PACKAGES))

$(BUILD)/$(LANGUAGE).pack: $(BUILD)/onrecord-pack $(RULE_FILES)
	@$(BUILD)/onrecord-pack rules/$(LANGUAGE) $@

$(OUT)/src/engine/builtin.o: src/engine/builtin.S $(BUILD)/$(LANGUAGE).pack
	@mkdir -p $(@D)
	@$(CC) -DPACK_FILE='"$(BUILD)/$(LANGUAGE).pack"' -c -o $@ $<

$(OUT)/src/store/schema.o: src/store/schema.S src/store/schema.sql
	@mkdir -p $(@D)
	@$(CC) -c -o $@ $<

$(OUT)/src/web/linked.o: src/web/linked.S src/web/style.css src/web/script.js src/web/icon.svg
	@mkdir -p $(@D)
	@$(CC) -c -o $@ $<

sanitize:
	$(MAKE) VARIANT=sanitize $(BUILD)/sanitize/onrecord
debug:
	$(MAKE) VARIANT=debug $(BUILD)/debug/onrecord

# ---- tests: see tests/README.md

UNIT_SOURCES := $(sort $(wildcard tests/unit/*.c))
UNIT_OBJECTS := $(UNIT_SOURCES:%.c=$(OUT)/%.o)

$(OUT)/tests/unit/%.o: ALL_CFLAGS += -Itests/unit -Wno-missing-prototypes $(shell pkg-config --cflags criterion)

$(OUT)/units: $(UNIT_OBJECTS) $(filter-out $(OUT)/src/main.o,$(CLI_OBJECTS)) $(OUT)/libonrecord.a
	@echo "  link $@"; $(CC) -o $@ $^ $(ALL_LIBS) $(shell pkg-config --libs criterion)

units: $(OUT)/units

deps:
	@.ci/install

# All that a change must pass, or a part of it: make check ONLY=units,rules
check: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all units
	@$(MAKE) --no-print-directory -j$(JOBS) VARIANT=sanitize $(BUILD)/sanitize/onrecord units
	@BUILD=$(abspath $(BUILD)) tests/check.py $(ONLY)

# Compilers that agree: clang takes every source, and every header stands alone.
lint:
	@tests/lint.py $(WARN) -D_GNU_SOURCE -Isrc $(shell pkg-config --cflags $(PACKAGES) criterion)

# Take changes of the expected outputs in tests/cases, each after a look at it; YES=1 takes all.
accept: all
	@BUILD=$(abspath $(BUILD)) tests/cases.py --accept $(if $(YES),--yes) $(CASE)

# ---- for people: these and the targets of the same form above and below are what `make help` shows

##demo     install what is missing, build, and show who said what in an article that ships with the project
DEMO := corpora/articles/harbour-deal.txt
demo:
	@.ci/install build
	@echo "building (half a minute)"; $(MAKE) -s --no-print-directory -j$(JOBS) all
	@$(BUILD)/onrecord extract --quiet -o $(BUILD)/harbour-deal.json $(DEMO)
	@echo; $(BUILD)/onrecord quotes --quiet --cards $(DEMO)
	@echo "Its graph, as JSON:   $(BUILD)/harbour-deal.json"
	@echo "Why, for each of it:  $(BUILD)/onrecord explain $(DEMO) --quote q3"
	@echo "Your own articles:    $(BUILD)/onrecord quotes FILE-OR-FOLDER..."

##check    install what is missing, build, and run all tests (ONLY=PART,... for some)

##score    precision and recall on our own annotated articles, and on GOLD="a.jsonl b.jsonl"
GOLD ?= $(wildcard ../shared/gold/*-dev.jsonl)
score: all
	@for gold in corpora/gold.jsonl $(GOLD); do echo; echo "== $$gold"; $(BUILD)/onrecord eval $$gold || exit; done

##bench    speed of the whole and of each stage, start-up, memory; on our own articles, or on BENCH=file.jsonl
bench: all
	@python3 corpora/bench.py $(BUILD)/onrecord $(BENCH)

##bench-archive  a million quotes: storing, searching and checking them, their pages, and those under load (some minutes, 1.3 GB in /tmp)
bench-archive: all
	@python3 tests/archive_bench.py $(BUILD)/onrecord

##format   lay out the lines that you changed, as .clang-format says
format:
	@git clang-format --quiet --extensions c,h HEAD || true

##lint     what compilers and the shape of headers have to say
##debug    build/debug/onrecord, without optimization
##sanitize build/sanitize/onrecord, which stops at the first fault of memory
##accept   look at each change of what the tests expect, and take it (YES=1: all)
##clean    remove what was built
help:
	@echo "make          build build/onrecord (make -j2: on two processors)"
	@sed -n 's/^##\([a-z-]*\)/make \1/p' Makefile

clean:
	rm -rf $(BUILD)

-include $(LIB_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d)
