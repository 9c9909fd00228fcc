#compdef apponly
# https://zsh.sourceforge.io/Doc/Release/Completion-System.html
_apponly() {
  local line
  local -a values shown
  for line in "${(@f)$(command apponly complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n "$line" ]] || continue
    values+=("${line%%$'\t'*}")
    shown+=("${${line/$'\t'/  }%% #}")
  done
  if (( $#values )); then
    compadd -l -d shown -a values
  else
    _files
  fi
}
if [[ "${funcstack[1]}" == _apponly ]]; then
  _apponly "$@"
else
  compdef _apponly apponly
fi
