# fish completion of apponly
# https://fishshell.com/docs/current/completions.html
function __apponly_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (command apponly complete -- $words[2..-1] "$current" 2>/dev/null)
    if test (count $lines) -eq 0
        __fish_complete_path "$current"
    else
        printf '%s\n' $lines
    end
end
complete -c apponly -f -a '(__apponly_complete)'
