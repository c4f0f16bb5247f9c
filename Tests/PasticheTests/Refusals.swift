import ArgumentParser
import Testing

/// Expects that a command's arguments are refused as usage, in these words.
func expect(
  _ command: any ParsableCommand.Type, _ arguments: [String], refusedWith words: String
) {
  do {
    _ = try command.parse(arguments)
    Issue.record("\(arguments) are taken")
  } catch {
    let message = command.message(for: error)
    #expect(message.contains(words), "\(message)")
    #expect(command.exitCode(for: error) == .validationFailure)
  }
}
