# tolka: the only makefile. `make help` lists the targets.
VERSION := 0.1.0
prefix ?= /usr/local
DESTDIR ?=
CC ?= cc
BUILD ?= release
O := build/$(BUILD)
Q := $(if $(V),,@)

CFLAGS_release := -O2 -g
CFLAGS_sanitize := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
CFLAGS_debug := -O0 -g
CFLAGS ?= $(CFLAGS_$(BUILD))
LDFLAGS_sanitize := -fsanitize=address,undefined
WARNINGS := -Wall
ifdef DEVELOPER
WARNINGS += -Wextra -Werror -Wmissing-prototypes -Wvla -Wshadow -Wstrict-prototypes
endif

PACKAGES := tesseract lept libpcre2-8 libcyaml libutf8proc jansson libcrypto
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
# The .pc file of Debian's libmupdf lacks some of what its static library needs, so its libraries are named here.
MUPDF_LIBS := -lmupdf -lmupdf-third $(shell pkg-config --libs freetype2 harfbuzz jbig2dec libopenjp2 libjpeg zlib gumbo mujs 2>/dev/null)
LIBS := $(MUPDF_LIBS) $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -I. $(WARNINGS) $(CFLAGS) $(PKG_CFLAGS) -DTOLKA_VERSION='"$(VERSION)"'

MODULES := base extract normalize normalize/train schema ingest
LIB_SRC := $(sort $(wildcard $(addsuffix /*.c,$(MODULES))))
LIB_OBJ := $(LIB_SRC:%.c=$O/%.o)
CLI_SRC := $(sort $(wildcard cli/*.c))
CLI_OBJ := $(CLI_SRC:%.c=$O/%.o)
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$O/tests/%)
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$O/%.o)
TOOL_SRC := $(sort $(wildcard tests/tools/*.c))
TOOL_BIN := $(TOOL_SRC:tests/tools/%.c=$O/tools/%)

.PHONY: all help
all: $O/tolka

help:
	@sed -n 's/^## //p' Makefile

$O/%.o: %.c
	@mkdir -p $(@D)
	$(if $Q,@echo "  CC $<")
	$Q$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$O/libtolka.a: $(LIB_OBJ)
	$(if $Q,@echo "  AR $@")
	$Qrm -f $@ && ar rcs $@ $^

$O/tolka: $(CLI_OBJ) $O/libtolka.a
	$(if $Q,@echo "  LD $@")
	$Q$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(BUILD)) $(LDFLAGS) -o $@ $^ $(LIBS)

$O/tests/%: $O/tests/unit/%.o $(SUPPORT_OBJ) $O/libtolka.a
	@mkdir -p $(@D)
	$(if $Q,@echo "  LD $@")
	$Q$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(BUILD)) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

$O/tools/%: $O/tests/tools/%.o $(SUPPORT_OBJ) $O/libtolka.a
	@mkdir -p $(@D)
	$(if $Q,@echo "  LD $@")
	$Q$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(BUILD)) $(LDFLAGS) -o $@ $^ $(LIBS)

.SECONDARY:

.PHONY: unit
unit: $(UNIT_BIN)
	$Qset -e; for t in $(UNIT_BIN); do $$t; done

-include $(shell find $O -name '*.d' 2>/dev/null)
