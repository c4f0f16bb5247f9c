import Glibc
import SystemFiles
import SystemPackage
import WeightFiles

/// The directory of a training's checkpoints, of which the last few are kept.
public struct CheckpointDirectory: Sendable {
  public let path: FilePath
  private let kept: Int

  private static let prefix = "iteration-"
  private static let suffix = ".safetensors"

  /// - Parameters:
  ///   - path: The directory, which is made when the first is written.
  ///   - kept: How many are kept, at least 1.
  public init(_ path: FilePath, keeping kept: Int) {
    precondition(kept >= 1, "kept >= 1")
    self.path = path
    self.kept = kept
  }

  /// The checkpoints, the newest first.
  public var files: [FilePath] { numbered.map(\.path) }

  private var numbered: [(path: FilePath, iteration: Int)] {
    let names = (try? DirectoryEntries(of: path)).map { $0.map(\.name) } ?? []
    return names.compactMap { name in Self.iteration(name).map { (path.appending(name), $0) } }
      .sorted { $0.1 > $1.1 }
  }

  private static func iteration(_ name: FilePath.Component) -> Int? {
    let text = name.string
    guard text.hasPrefix(prefix), text.hasSuffix(suffix) else { return nil }
    return Int(text.dropFirst(prefix.count).dropLast(suffix.count))
  }

  /// Writes a checkpoint into the directory, which is there: complete or not at all. Those before it
  /// that are one too many are removed.
  ///
  /// - Throws: `WeightFileError.unwritable`.
  public func write(_ checkpoint: WeightFile, iteration: Int) throws(WeightFileError) {
    let digits = "\(iteration)"
    let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    try checkpoint.write(
      to: path.appending("\(Self.prefix)\(number)\(Self.suffix)"), replacing: true)
    // Later ones are there where they couldn't be read: this one counts in any case.
    let own = numbered.filter { $0.iteration <= iteration }
    for file in own.dropFirst(kept) { _ = file.path.withPlatformString { unlink($0) } }
  }

  /// What a training goes on from.
  public struct Restored: Sendable {
    /// The checkpoint's file.
    public let file: FilePath
    /// Newer ones that can't be used, and why.
    public let passedOver: [TrainingError]
  }

  /// Restores the newest that can be read and is of this training.
  ///
  /// - Returns: The checkpoint; nil where there are none.
  /// - Throws: `TrainingError.checkpoint` where none of them can be used: why the newest can't.
  public func restore(_ training: Training) throws(TrainingError) -> Restored? {
    var failures: [TrainingError] = []
    for file in files {
      do throws(TrainingError) {
        try training.restore(file)
        return Restored(file: file, passedOver: failures)
      } catch {
        failures.append(error)
      }
    }
    if let failure = failures.first { throw failure }
    return nil
  }

  /// Removes the checkpoints, and the directory where nothing else is in it.
  public func remove() {
    for file in files { _ = file.withPlatformString { unlink($0) } }
    removeIfEmpty()
  }

  /// Removes the directory where nothing is in it.
  public func removeIfEmpty() {
    _ = path.withPlatformString { rmdir($0) }
  }
}

extension Training {
  /// Takes over a checkpoint's file.
  ///
  /// - Throws: `TrainingError.checkpoint`.
  fileprivate func restore(_ file: FilePath) throws(TrainingError) {
    let checkpoint: WeightFile
    do throws(WeightFileError) { checkpoint = try WeightFile(contentsOf: file) } catch {
      throw .checkpoint(file, .weightFile(error))
    }
    try restore(checkpoint, from: file)
  }
}
