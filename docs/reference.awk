# reference.awk: the public header as documentation. -v form=md: Markdown; -v form=scd: a manual page for scdoc.
# A comment at the left margin speaks of the declarations that follow it, up to an empty line; /* ---- X ---- */ opens a section.

function escape(text) {
    if (form == "scd") {
        gsub(/[_*\\]/, "\\\\&", text)
        gsub(/`/, "*", text)
    }
    return text
}

# The name that a block declares: its first function, struct, enum or typedef.
function name_of(code,    words) {
    if (match(code, /(struct|enum) tolka_[a-z_]+ *[{;]/)) {
        words = substr(code, RSTART, RLENGTH)
        sub(/ *[{;]/, "", words)
        return words
    }
    if (match(code, /tolka_[a-z_]+\)?\(/)) {
        words = substr(code, RSTART, RLENGTH)
        gsub(/[()]/, "", words)
        return words
    }
    return ""
}

function put_code(code) {
    if (form == "scd")
        print "```\n" code "```\n"
    else
        print "```c\n" code "```\n"
}

# Prose is filled; lines indented by four or more are code.
function put_prose(text,    lines, n, i, code) {
    sub(/\n+$/, "", text)
    n = split(text, lines, "\n")
    for (i = 1; i <= n; i++) {
        if (lines[i] ~ /^    /) {
            code = code substr(lines[i], 5) "\n"
            continue
        }
        if (code && lines[i] == "" && lines[i + 1] ~ /^    /) {
            code = code "\n"
            continue
        }
        if (code)
            put_code(code)
        if (code && lines[i] == "")
            i++
        code = ""
        print escape(lines[i])
    }
    if (code)
        put_code(code)
    print ""
}

function put_block(name) {
    name = name_of(code)
    if (name != "")
        print (form == "scd" ? "## " escape(name) : "### `" name "`") "\n"
    if (form == "scd") {
        put_code(code)
        put_prose(prose)
    } else {
        put_prose(prose)
        put_code(code)
    }
}

function flush_block() {
    if (code != "")
        put_block()
    else if (prose != "" && !introduced) {
        introduced = 1
        if (form == "scd")
            print "# DESCRIPTION\n"
        put_prose(prose)
    }
    code = prose = ""
    exported = 0
}

BEGIN {
    if (form == "scd") {
        print "tolka(3)\n\n# NAME\n\ntolka - scanned Swedish public reports into structured, checked records\n"
        print "# SYNOPSIS\n\n*#include <tolka.h>*\n\ncc $(pkg-config --cflags --libs tolka) ...\n"
    } else {
        print "# The library\n"
        print "This page is made from `lib/tolka.h` by `make reference`; `examples/` has programs that use it, in C and in Python.\n"
    }
}

/^#|^extern "C"|^}$/ { flush_block(); next }

/^\/\* ---- .* ---- \*\/$/ {
    flush_block()
    gsub(/^\/\* ---- | ---- \*\/$/, "")
    print (form == "scd" ? "# " toupper($0) : "## " $0) "\n"
    next
}

/^\/\*/ && !in_comment { # one line, or the first of several
    flush_block()
    in_comment = 1
    sub(/^\/\*/, "")
}

in_comment {
    if (/\*\//) {
        in_comment = 0
        sub(/ *\*\/.*$/, "")
    }
    sub(/^ \* ?/, "")
    sub(/^ /, !prose ? "" : "&")
    prose = prose (prose == "" ? "" : "\n") $0
    next
}

/^$/ { flush_block(); next }

{
    if (sub(/^TOLKA_API /, ""))
        exported = 1
    else if (exported)
        sub(/^          /, "") # stays under the bracket
    code = code $0 "\n"
}

END {
    flush_block()
    if (form == "scd")
        print "# SEE ALSO\n\n*tolka*(1)"
}
