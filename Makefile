# onrecord: build, test, measure.  `make help` lists the targets.

CC      ?= gcc
BUILD   ?= build
VARIANT ?= release
OUT     := $(BUILD)/$(VARIANT)
LANGUAGE := en

PACKAGES := libpcre2-8 jansson libutf8proc
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
LIB_SOURCES  := $(sort $(wildcard src/base/*.c src/text/*.c src/engine/*.c src/stages/*.c src/graph/*.c src/input/*.c src/fit/*.c src/eval/*.c) src/pipeline.c $(wildcard src/onrecord.c))
CLI_SOURCES  := $(sort $(wildcard src/cli/*.c)) src/main.c
PACK_SOURCES := src/build/pack.c
BASE_OF_PACK := $(sort $(wildcard src/base/*.c src/text/*.c) src/engine/features.c src/engine/lexicon.c src/engine/lexbuild.c src/engine/pack.c src/engine/weights.c)
RULE_FILES   := $(sort $(shell find rules/$(LANGUAGE) -name '*.rules' -o -name '*.tsv'))

LIB_OBJECTS := $(LIB_SOURCES:%.c=$(OUT)/%.o) $(OUT)/src/engine/builtin.o
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(OUT)/%.o)

.PHONY: all help deps demo check units rule-tests score bench format lint clean sanitize debug accept

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

sanitize:
	$(MAKE) VARIANT=sanitize $(BUILD)/sanitize/onrecord
debug:
	$(MAKE) VARIANT=debug $(BUILD)/debug/onrecord

# ---- tests: see tests/README.md

UNIT_SOURCES := $(sort $(wildcard tests/unit/*.c))
UNIT_OBJECTS := $(UNIT_SOURCES:%.c=$(OUT)/%.o)

$(OUT)/tests/unit/%.o: ALL_CFLAGS += -Itests/unit -Wno-missing-prototypes $(shell pkg-config --cflags criterion)

$(OUT)/units: $(UNIT_OBJECTS) $(OUT)/libonrecord.a
	@echo "  link $@"; $(CC) -o $@ $^ $(ALL_LIBS) $(shell pkg-config --libs criterion)

deps:
	@.ci/install

# All that a change must pass.
check: deps
	@$(MAKE) --no-print-directory all sanitize
	@tests/check.sh $(BUILD)/release/onrecord $(BUILD)/sanitize/onrecord

# Who said what in an article that ships with the project, and its graph.
demo: deps
	@$(MAKE) --no-print-directory all
	@$(BUILD)/onrecord extract -o $(BUILD)/harbour-deal.json corpora/articles/harbour-deal.txt
	@echo "The graph of corpora/articles/harbour-deal.txt is in $(BUILD)/harbour-deal.json"

clean:
	rm -rf $(BUILD)

-include $(LIB_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d)
