/// The part of a job's script that runs the program, in bash 4.4 or later: of `"$@"`, the program and its
/// arguments, it makes `status`, the exit code, and `full`, which is 1 where a disk had no room.
enum TaskWrapper {
  /// The exit code for "try again", as mail has it (EX_TEMPFAIL): none of the program's own.
  static let tryAgain = 75

  /// How often a task is tried again.
  static let tries = 5

  /// - Parameter traps: Lines that say what signals do. Where one leaves the program running,
  ///   `asked=1` waits on; one that is to reach the program says `end`.
  static func lines(traps: [String]) -> [String] {
    // No `$(` and no `$$`: to Kubernetes those would be its own.
    """
    # A signal may come at any moment from here on, and reaches the program once.
    program= early=
    end() { if [ "$program" ]; then kill -TERM "$program" 2> /dev/null; else early=1; fi; }
    """.split(separator: "\n").map(String.init) + traps
      + """
      # The program's words go where they always do, and are looked over for a disk without room.
      exec 3> >(
        trap '' INT TERM USR1
        full=0
        while IFS= read -r line || [ -n "$line" ]; do
          printf '%s\\n' "$line" >&2
          case $line in *[Nn]'o space left on '* | *'Disk quota exceeded'*) full=1 ;; esac
        done
        exit "$full"
      )
      words=$!
      "$@" 2>&3 3>&- &
      program=$!
      [ -z "$early" ] || kill -TERM "$program"
      exec 3>&-
      # A signal ends a wait, but not what is waited for.
      ending() {
        asked=1
        while [ "$asked" ]; do
          asked=
          wait "$1"
        done
      }
      ending "$program"
      status=$?
      ending "$words"
      full=$?
      """.split(separator: "\n").map(String.init)
  }
}
