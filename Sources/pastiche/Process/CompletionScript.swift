import ArgumentParser

/// The scripts by which shells complete the command line: swift-argument-parser's, to which is added
/// that `stylize` needs no name.
enum CompletionScript {
  /// The script for a shell; nil where the arguments don't ask for one.
  static func asked(by arguments: [String]) -> String? {
    let flag = "--generate-completion-script"
    guard arguments.count == 2, arguments[0] == flag,
      let shell = CompletionShell(rawValue: arguments[1])
    else { return nil }
    return text(for: shell)
  }

  static func text(for shell: CompletionShell) -> String {
    let script = Pastiche.completionScript(for: shell)
    return addition(shell).map { script.replacing($0.place, with: $0.text) } ?? script
  }

  /// What of a shell's script is replaced, and by what.
  private static func addition(_ shell: CompletionShell) -> (place: String, text: String)? {
    let names = (Pastiche.configuration.subcommands.map { $0._commandName } + ["help"])
    switch shell {
    case .bash:
      return (
        "complete -o filenames -F _pastiche pastiche",
        """
        # Pictures may stand where a subcommand does: what follows them is stylize's.
        _pastiche_or_stylize() {
            case "${COMP_WORDS[1]}" in
            \(names.joined(separator: "|"))) ;;
            *)
                if [[ "${COMP_CWORD}" -gt 1 ]]; then
                    COMP_LINE="${COMP_WORDS[0]} stylize${COMP_LINE#"${COMP_WORDS[0]}"}"
                    COMP_POINT=$((COMP_POINT + 8))
                    COMP_WORDS=("${COMP_WORDS[0]}" stylize "${COMP_WORDS[@]:1}")
                    COMP_CWORD=$((COMP_CWORD + 1))
                fi
                ;;
            esac
            _pastiche "${@}"
            if [[ "${COMP_CWORD}" -eq 1 ]]; then
                local IFS=$'\\n'
                COMPREPLY+=($(compgen -f -- "${2}"))
            fi
        }

        complete -o filenames -F _pastiche_or_stylize pastiche
        """
      )
    case .zsh:
      return (
        """
        if [[ "${funcstack[1]}" = _pastiche ]]; then
            _pastiche "${@}"
        else
            compdef _pastiche pastiche
        fi
        """,
        """
        # Pictures may stand where a subcommand does: what follows them is stylize's.
        _pastiche_or_stylize() {
            local -ar names=(\(names.joined(separator: " ")))
            if (( CURRENT == 2 )); then
                _files
            elif (( ! ${names[(Ie)${words[2]}]} )); then
                words=("${words[1]}" stylize "${(@)words[2,-1]}")
                (( CURRENT++ ))
            fi
            _pastiche "${@}"
        }

        compdef _pastiche_or_stylize pastiche
        if [[ "${funcstack[1]}" = _pastiche ]]; then
            _pastiche_or_stylize "${@}"
        fi
        """
      )
    case .fish:
      return (
        """
                __pastiche_parse_subcommand 0 'version' 'h/help'
                switch $unparsed_tokens[1]
                case 'stylize'
        """,
        """
                __pastiche_parse_subcommand 0 'version' 'h/help'
                # Pictures may stand where a subcommand does: what follows them is stylize's.
                if set -q unparsed_tokens[1]; and not contains -- $unparsed_tokens[1] \(names.joined(separator: " "))
                    set -p unparsed_tokens stylize
                end
                switch $unparsed_tokens[1]
                case 'stylize'
        """
      )
    default:
      return nil
    }
  }
}
