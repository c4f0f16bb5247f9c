import Foundation
import SystemPackage
import TestSupport

/// A folder with a painting and photographs in it, in which styles are trained on the tiny base
/// `canvas`.
final class TrainingFolder {
  let folder: Folder

  /// The painting and photographs as the tests' smallest runs need them.
  init(_ folder: Folder? = nil) throws {
    self.folder = try folder ?? Folder()
    try self.folder.picture("painting.png", width: 72, height: 64, seed: 9)
    for index in 1...3 {
      try self.folder.picture("photos/\(index).png", width: 30 + index, height: 40, seed: index)
    }
  }

  /// What every run here is given: crops and paintings as small as they may be.
  private static func arguments(_ more: [String]) throws -> [String] {
    var arguments = ["train"] + more + ["--crop", "64", "--style-size", "64"]
    func add(_ flag: String, _ value: String) {
      if !more.contains(flag) { arguments += [flag, value] }
    }
    if !more.contains("--models") {
      add("--base", try TestStyles.shared.get().file("canvas").string)
    }
    add("--content", "photos")
    add("--style", "painting.png")
    if !more.contains("--minutes") { add("--iterations", "2") }
    return arguments
  }

  func train(_ arguments: String...) throws -> Ended {
    try folder.run(Self.arguments(arguments))
  }

  func train(_ arguments: [String]) throws -> Ended {
    try folder.run(Self.arguments(arguments))
  }

  /// Starts a training that goes on until it is ended, and writes a checkpoint every so often.
  func start(_ arguments: String..., every interval: Int) throws -> Running {
    let endless = [
      "--iterations", "100000000", "--checkpoint-every", "\(interval)", "--log-format", "json",
    ]
    return try folder.start(
      Self.arguments(arguments + endless).map(Program.Argument.init(stringLiteral:)))
  }
}

extension Ended {
  /// The numbers of the iterations that `--log-format json` tells. A line that was cut short by
  /// `kill -9` is none.
  var iterations: [Int] {
    errorLines.compactMap { line in
      let event = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return event?["event"] as? String == "iteration" ? event?["iteration"] as? Int : nil
    }
  }
}
