# bash completion of apponly
# https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
_apponly() {
  local line current="${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    line="${line%%$'\t'*}"
    case "$current" in
      [\"\']*) ;; # Readline closes the quote.
      *) printf -v line '%q' "$line" ;;
    esac
    COMPREPLY+=("$line")
  done < <(command apponly complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _apponly apponly
