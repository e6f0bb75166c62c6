# Completion of tolka for fish. Commands and options come from the program's own help, so they are always those of the program.

function __tolka_command
    set -l words (commandline -opc)
    test (count $words) -gt 1; and echo $words[2]
end

function __tolka_needs_command
    test -z "$(__tolka_command)"
end

function __tolka_commands
    tolka --help 2>/dev/null | string replace -rf '^  ([a-z]+) +(.*)' '$1\t$2'
end

function __tolka_options
    set -l command (__tolka_command)
    test -n "$command"; or return
    tolka $command --help 2>/dev/null | string replace -rf '^ *(?:-[a-z], )?(--[a-z][a-z-]*)(?: [A-Z]+)?(?: +(.*))?$' '$1\t$2'
end

function __tolka_after
    contains -- (commandline -opc)[-1] $argv
end

complete -c tolka -n __tolka_needs_command -f -a '(__tolka_commands)'
complete -c tolka -n __tolka_needs_command -l help -d 'say how to use it'
complete -c tolka -n __tolka_needs_command -l version -d 'name the version'
complete -c tolka -n 'not __tolka_needs_command; and string match -q -- "-*" (commandline -ct)' -f -a '(__tolka_options)'
complete -c tolka -n '__tolka_after -f --format' -f -a 'json jsonl csv md txt alto hocr pdf summary'
complete -c tolka -n '__tolka_after --ocr' -f -a 'auto always never'
complete -c tolka -n '__tolka_after --rules' -f -a '(__fish_complete_directories)'
complete -c tolka -n '__tolka_after --against' -f -a '(__fish_complete_directories)'
complete -c tolka -n '__tolka_after rules' -f -a check
