# Completion of tolka for bash. Commands and options come from the program's own help, so they are always those of the program.

_tolka_commands() { "$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p'; }

_tolka_options() { "$1" "$2" --help 2>/dev/null | sed -n '/^ *-/s/^ *//p' | sed 's/  .*//' | grep -oE -- '(^|[ ,])--?[a-z][a-z-]*' | tr -d ' ,'; }

# Words that an option takes; a folder, a file otherwise.
_tolka_values() {
    case $1 in
    -f | --format) echo "json jsonl csv md txt alto hocr pdf summary" ;;
    --lang) echo "sv en" ;;
    --ocr) echo "auto always never" ;;
    esac
}

_tolka() {
    local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} values
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "$(_tolka_commands "$program") --help --version" -- "$word"))
        return
    fi
    values=$(_tolka_values "$before")
    if [ -n "$values" ]; then
        COMPREPLY=($(compgen -W "$values" -- "$word"))
    elif [ "$before" = --rules ] || [ "$before" = --against ]; then
        COMPREPLY=($(compgen -d -- "$word"))
    elif [ "${COMP_WORDS[1]}" = rules ] && [ "$COMP_CWORD" -eq 2 ]; then
        COMPREPLY=($(compgen -W "check --help" -- "$word"))
    elif [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$(_tolka_options "$program" "${COMP_WORDS[1]}")" -- "$word"))
    fi
}

complete -o default -o filenames -F _tolka tolka
