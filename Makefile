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
CFLAGS_thread := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
CFLAGS_debug := -O0 -g
CFLAGS ?= $(CFLAGS_$(BUILD))
LDFLAGS_sanitize := -fsanitize=address,undefined
LDFLAGS_thread := -fsanitize=thread
WARNINGS := -Wall
ifdef DEVELOPER
WARNINGS += -Wextra -Werror -Wmissing-prototypes -Wvla -Wshadow -Wstrict-prototypes
endif

PACKAGES := tesseract lept libpcre2-8 libcyaml libutf8proc jansson libcrypto expat sqlite3 libpq zlib libseccomp
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
# The .pc file of Debian's libmupdf lacks some of what its static library needs, so its libraries are named here.
MUPDF_LIBS := -lmupdf -lmupdf-third $(shell pkg-config --libs freetype2 harfbuzz jbig2dec libopenjp2 libjpeg zlib gumbo mujs 2>/dev/null)
LIBS := $(MUPDF_LIBS) $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden -I. $(WARNINGS) $(CPPFLAGS) $(CFLAGS) $(PKG_CFLAGS) -DTOLKA_VERSION='"$(VERSION)"'

MODULES := base extract normalize normalize/train schema ingest lib
LIB_SRC := $(sort $(wildcard $(addsuffix /*.c,$(MODULES))))
LIB_OBJ := $(LIB_SRC:%.c=$O/%.o)
CLI_SRC := $(sort $(wildcard cli/*.c))
CLI_OBJ := $(CLI_SRC:%.c=$O/%.o)
# The archive in a browser belongs to the program alone: the library needs no HTTP.
SERVE_SRC := $(sort $(wildcard serve/*.c))
SERVE_OBJ := $(SERVE_SRC:%.c=$O/%.o)
SERVE_LIBS := $(shell pkg-config --libs libmicrohttpd 2>/dev/null)
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$O/tests/%)
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$O/%.o)
TOOL_SRC := $(sort $(wildcard tests/tools/*.c))
TOOL_BIN := $(TOOL_SRC:tests/tools/%.c=$O/tools/%)

.PHONY: all help library
all: $O/tolka

help:
	@sed -n 's/^## //p' Makefile

## make            build build/release/tolka
## make library    build build/release/lib/libtolka.so and .a
## make deps       install the Debian packages that building and testing need
## make demo       install, build, convert a bundled scan and show what was read
## make check      install, build, pass the tests
## make eval       quality: one table over corpus/ and, where it stands, ../shared
## make eval-reading  pages turned, askew, at other resolutions; symbols in four faces at five levels
## make bench      speed against tesseract and ocrmypdf
## make faults   an ingest that is killed 200 times, starved, cheated and fed with poison (takes an hour)
## make fuzz       run the fuzz targets, FUZZ_SECONDS each (default 60)
## make lint       clang-tidy, cppcheck, headers that compile alone
## make check-browser  the review page and the archive in headless Chromium: found, corrected, saved, applied
## make check-threads  the library under ThreadSanitizer, 8 contexts at once
## make memcheck   valgrind on one page of each kind of input
## make format     clang-format over the code
## make install    under prefix (default /usr/local), honouring DESTDIR; make uninstall takes it away
## make dist       a source tarball;  make deb: Debian packages
## make clean
## Variables: V=1 shows the commands, DEVELOPER=1 makes warnings errors, BUILD=sanitize|debug

$O/%.o: %.c
	@mkdir -p $(@D)
	$(if $Q,@echo "  CC $<")
	$Q$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The assembler takes these in, so the compiler does not list them.
$O/ingest/store_schema.o: $(wildcard schema/store/*.sql)
$O/schema/review.o: $(wildcard schema/review/*)
$O/serve/assets.o: $(wildcard serve/*.css)

$O/libtolka.a: $(LIB_OBJ)
	$(if $Q,@echo "  AR $@")
	$Qrm -f $@ && ar rcs $@ $^

$O/tolka: $(CLI_OBJ) $(SERVE_OBJ) $O/libtolka.a
	$(if $Q,@echo "  LD $@")
	$Q$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(BUILD)) $(LDFLAGS) -o $@ $^ $(LIBS) $(SERVE_LIBS)

# The public library: one set of objects for the program, the shared and the static library. Only what lib/tolka.map names is seen.
SONAME := libtolka.so.$(firstword $(subst ., ,$(VERSION)))
SHARED := $O/lib/libtolka.so.$(VERSION)
PUBLIC_OBJ := $(patsubst %.c,$O/%.o,$(wildcard lib/*.c)) $O/schema/record.o
library: $(SHARED) $O/lib/libtolka.a $O/share/tolka
$(SHARED): $O/libtolka.a lib/tolka.map
	@mkdir -p $(@D)
	$(if $Q,@echo "  LD $@")
	$Q$(CC) $(CFLAGS) $(LDFLAGS_$(BUILD)) $(LDFLAGS) -shared -o $@ -Wl,-soname,$(SONAME) -Wl,--version-script=lib/tolka.map \
	  -Wl,-z,defs -Wl,--as-needed -Wl,--gc-sections $(PUBLIC_OBJ) $O/libtolka.a $(LIBS)
	$Qln -sf $(@F) $(@D)/$(SONAME) && ln -sf $(SONAME) $(@D)/libtolka.so

# One object whose hidden symbols are local: a program that links it may have a tolka_page_text of its own.
$O/lib/libtolka.a: $O/libtolka.a
	@mkdir -p $(@D)
	$(if $Q,@echo "  AR $@")
	$Qld -r -o $O/lib/libtolka.o $(PUBLIC_OBJ) $O/libtolka.a && objcopy --localize-hidden $O/lib/libtolka.o
	$Qrm -f $@ && ar rcs $@ $O/lib/libtolka.o

# What the library finds beside itself, as when it is installed.
$O/share/tolka: | $O/libtolka.a
	@mkdir -p $@
	$Qln -sfn $(CURDIR)/schema/rules $@/rules && ln -sfn $(CURDIR)/normalize/data/sv.model $@/sv.model

$O/tests/test_serve $O/tests/test_serve_pages: $(SERVE_OBJ)
$O/tests/test_serve $O/tests/test_serve_pages: LDFLAGS += $(SERVE_LIBS)
$O/tests/%: $O/tests/unit/%.o $(SUPPORT_OBJ) $O/libtolka.a
	@mkdir -p $(@D)
	$(if $Q,@echo "  LD $@")
	$Q$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(BUILD)) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS) -lcmocka $(LDFLAGS)

# Workers of these tests have a page half of their own, that crashes, hangs and attacks at will.
$O/tests/test_pool $O/tests/test_sandbox: LDFLAGS += -Wl,--wrap=tolka_pipeline_page

$O/bin/threads: $O/tests/threads/threads.o $O/libtolka.a | $O/share/tolka
	@mkdir -p $(@D)
	$(if $Q,@echo "  LD $@")
	$Q$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(BUILD)) $(LDFLAGS) -o $@ $^ $(LIBS)

$O/tools/first_look: $O/tests/tools/replay.o
$O/tools/first_look: LDFLAGS += -Wl,--wrap=tolka_engine_new,--wrap=tolka_signs_settle
$O/tools/%: $O/tests/tools/%.o $(SUPPORT_OBJ) $O/libtolka.a
	@mkdir -p $(@D)
	$(if $Q,@echo "  LD $@")
	$Q$(CC) $(ALL_CFLAGS) $(LDFLAGS_$(BUILD)) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

.SECONDARY:

.PHONY: deps deps-all demo check unit faults eval eval-reading bench fuzz lint format memcheck headers install uninstall clean corpus
deps:
	@sh deps/install.sh build check

deps-all:
	@sh deps/install.sh build check bench corpus develop

# A bare system has no pkg-config yet when this makefile is read: what comes after deps is made by a make of its own.
DEMO ?= corpus/forbund-arsredovisning-office.pdf
PARALLEL = $(MAKE) --no-print-directory --jobs=$(shell nproc)
demo: deps
	@$(PARALLEL) all
	@mkdir -p build/demo
	@$O/tolka convert --summary -o build/demo/$(basename $(notdir $(DEMO))).json $(DEMO)

check: deps
	@$(PARALLEL) DEVELOPER=1 all tests tools
	@$(PARALLEL) DEVELOPER=1 BUILD=sanitize tests
	@$(PARALLEL) DEVELOPER=1 BUILD=thread build/thread/bin/threads
	@sh tests/check.sh build/release build/sanitize build/thread

.PHONY: tests tools
tests: $(UNIT_BIN) $O/share/tolka
tools: $(TOOL_BIN)

unit: tests
	$Qset -e; for t in $(UNIT_BIN); do $$t; done

faults: all $O/tools/dump_store
	@TOLKA=$O/tolka python3 tests/faults/faults.py --full $(FAULTS_FLAGS)
	@TOLKA=$O/tolka KILLS=200 REPORTS=3000 QUEUED=2000000 python3 tests/postgres/faults.py

eval: all
	@python3 tests/eval/eval.py $(EVAL_FLAGS)

eval-reading: all tools
	@sh deps/install.sh corpus
	@/usr/bin/python3 tests/eval/variants.py corpus/forbund-arsredovisning-office.pdf
	@/usr/bin/python3 tests/eval/symbols.py

bench: all
	@sh deps/install.sh bench
	@python3 tests/bench/bench.py $(BENCH_FLAGS)

corpus:
	@sh deps/install.sh corpus
	/usr/bin/python3 tests/corpus/make.py

# Fuzzing: libFuzzer, clang. A target a parser; seeds in tests/fuzz/seeds/NAME where there are some.
FUZZ_SECONDS ?= 60
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_FLAGS := -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined
build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(LIB_SRC)
	@mkdir -p $(@D)
	$(if $Q,@echo "  FUZZ $@")
	$Qclang -std=c11 -D_GNU_SOURCE -I. -w $(FUZZ_FLAGS) $(PKG_CFLAGS) -DTOLKA_VERSION='"$(VERSION)"' -o $@ $< $(LIB_SRC) $(LIBS)

fuzz: $(FUZZ_NAMES:%=build/fuzz/fuzz_%)
	$Qset -e; for n in $(FUZZ_NAMES); do mkdir -p build/fuzz/corpus/$$n; \
	  build/fuzz/fuzz_$$n -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=4096 -artifact_prefix=build/fuzz/ \
	  build/fuzz/corpus/$$n $$(ls -d tests/fuzz/seeds/$$n 2>/dev/null); done

HEADERS := $(wildcard base/*.h extract/*.h normalize/*.h normalize/train/*.h schema/*.h ingest/*.h lib/*.h serve/*.h cli/*.h)
headers:
	$Qset -e; for h in $(HEADERS); do $(CC) $(ALL_CFLAGS) -fsyntax-only -x c $$h; done

lint: headers
	$Qprintf '%s\n' $(LIB_SRC) $(SERVE_SRC) $(CLI_SRC) | \
	  xargs -P $(shell nproc) -I FILE clang-tidy --quiet --warnings-as-errors='*' FILE -- $(ALL_CFLAGS)
	$Qcppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	  --suppress=missingIncludeSystem --suppress='unknownMacro:extract/pdf*.c' -I. -DTOLKA_VERSION='""' $(LIB_SRC) $(SERVE_SRC) $(CLI_SRC)

format:
	$Qclang-format -i $(LIB_SRC) $(SERVE_SRC) $(CLI_SRC) $(HEADERS) $(UNIT_SRC) $(SUPPORT_SRC) $(TOOL_SRC)

.PHONY: check-browser
check-browser:
	@sh deps/install.sh build check browser
	@$(PARALLEL) DEVELOPER=1 all
	@TOLKA=$O/tolka python3 tests/browser/browser.py $(BROWSER_FLAGS)
	@TOLKA=$O/tolka python3 tests/browser/archive.py $(BROWSER_FLAGS)

.PHONY: check-threads
check-threads:
	@$(MAKE) --no-print-directory DEVELOPER=1 BUILD=thread build/thread/bin/threads
	@build/thread/bin/threads

memcheck: all
	@sh tests/memcheck.sh $O/tolka

# Where things go. The program and the library find share/tolka from where they lie, so an installed tree can be moved.
libdir ?= $(prefix)/lib
zshcompdir ?= $(prefix)/share/zsh/site-functions
I := $(DESTDIR)$(prefix)
L := $(DESTDIR)$(libdir)
DOCS := README.md README.sv.md LICENSE ARCHITECTURE.md $(wildcard docs/*.md docs/*.service docs/*.png)
COMPLETIONS := $I/share/bash-completion/completions/tolka $(DESTDIR)$(zshcompdir)/_tolka $I/share/fish/vendor_completions.d/tolka.fish
MAN := $(patsubst docs/man/%.scd,$O/man/%,$(wildcard docs/man/*.scd)) $O/man/tolka.3

$O/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	$Qscdoc <$< >$@

$O/man/tolka.3: lib/tolka.h docs/reference.awk
	@mkdir -p $(@D)
	$Qawk -v form=scd -f docs/reference.awk lib/tolka.h | scdoc >$@

# The same as a page to read in a browser; `make check` sees that it is the header's.
.PHONY: reference man
man: $(MAN)
reference:
	$Qawk -v form=md -f docs/reference.awk lib/tolka.h >docs/library.md

$O/tolka.pc: lib/tolka.pc.in Makefile
	@mkdir -p $(@D)
	$Qsed -e 's|@up@|$(shell realpath -m --relative-to=$(libdir)/pkgconfig $(prefix))|' \
	  -e 's|@lib@|$(shell realpath -m --relative-to=$(prefix) $(libdir))|' -e 's|@version@|$(VERSION)|' \
	  -e 's|@libs@|$(strip $(LIBS))|' $< >$@

.PHONY: $O/tolka.pc
install: all library man $O/tolka.pc
	install -d $I/bin $I/include $I/share/tolka/rules $I/share/doc/tolka/examples $L/pkgconfig $(sort $(dir $(COMPLETIONS)))
	install -m 755 $O/tolka $I/bin/tolka
	install -m 644 normalize/data/sv.model schema/record.schema.json schema/store/postgresql-roles.sql $I/share/tolka
	install -m 644 schema/rules/*.yaml $I/share/tolka/rules
	install -m 644 lib/tolka.h $I/include/tolka.h
	install -m 644 $(SHARED) $O/lib/libtolka.a $L
	ln -sf $(notdir $(SHARED)) $L/$(SONAME)
	ln -sf $(SONAME) $L/libtolka.so
	install -m 644 $O/tolka.pc $L/pkgconfig/tolka.pc
	for m in $(MAN); do d=$I/share/man/man$${m##*.} && install -d $$d && install -m 644 $$m $$d || exit 1; done
	install -m 644 completions/tolka.bash $I/share/bash-completion/completions/tolka
	install -m 644 completions/_tolka $(DESTDIR)$(zshcompdir)/_tolka
	install -m 644 completions/tolka.fish $I/share/fish/vendor_completions.d/tolka.fish
	install -m 644 $(DOCS) $I/share/doc/tolka
	install -m 644 $(wildcard examples/*) $I/share/doc/tolka/examples

uninstall:
	rm -f $I/bin/tolka $I/include/tolka.h $L/libtolka.* $L/pkgconfig/tolka.pc $(COMPLETIONS)
	rm -f $(foreach m,$(notdir $(MAN)),$I/share/man/man$(subst .,,$(suffix $m))/$m)
	rm -rf $I/share/tolka $I/share/doc/tolka

# A source tarball of what git has, as it stands; it builds and passes its tests without git.
TARBALL := build/tolka-$(VERSION).tar.xz
.PHONY: dist deb
dist: $(TARBALL)
.PHONY: $(TARBALL)
$(TARBALL):
	@mkdir -p build
	$Qgit ls-files -z | grep -zvE '^\.(ci|git)' | tar -c --null -T - --sort=name --owner=0 --group=0 --numeric-owner \
	  --mtime="$$(git log -1 --format=%cI)" --transform='s|^|tolka-$(VERSION)/|' | xz -6 >$@
	@echo $@

# The Debian packages, in build/deb.
deb: dist
	@sh deps/install.sh build check package
	rm -rf build/deb && mkdir -p build/deb
	tar -xf $(TARBALL) -C build/deb
	cd build/deb/tolka-$(VERSION) && env -u CFLAGS -u LDFLAGS -u prefix -u BUILD -u MAKEFLAGS dpkg-buildpackage -us -uc -b
	rm -rf build/deb/tolka-$(VERSION)
	cd build/deb && lintian --fail-on error *.changes

clean:
	rm -rf build

-include $(shell find $O -name '*.d' 2>/dev/null)
