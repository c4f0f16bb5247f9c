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

  /// - Parameter kept: How many are kept, at least 1.
  public init(_ path: FilePath, keeping kept: Int) {
    precondition(kept >= 1, "kept >= 1")
    self.path = path
    self.kept = kept
  }

  /// The checkpoints, the newest first.
  public var files: [FilePath] {
    let names = (try? DirectoryEntries(of: path).names) ?? []
    let numbered = names.compactMap { name in Self.iteration(name).map { (name, $0) } }
    return numbered.sorted { $0.1 > $1.1 }.map { path.appending($0.0) }
  }

  private static func iteration(_ name: FilePath.Component) -> Int? {
    let text = name.string
    guard text.hasPrefix(prefix), text.hasSuffix(suffix) else { return nil }
    return Int(text.dropFirst(prefix.count).dropLast(suffix.count))
  }

  /// Writes a checkpoint, complete or not at all, and removes those that are one too many.
  ///
  /// - Throws: `WeightFileError.unwritable`.
  public func write(_ checkpoint: WeightFile, iteration: Int) throws(WeightFileError) {
    _ = path.withPlatformString { mkdir($0, 0o777) }
    let digits = "\(iteration)"
    let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    try checkpoint.write(
      to: path.appending("\(Self.prefix)\(number)\(Self.suffix)"), replacing: true)
    for file in files.dropFirst(kept) { _ = file.withPlatformString { unlink($0) } }
  }

  /// Restores the newest that can be read and is of this training.
  ///
  /// - Returns: The checkpoint; nil where there are none.
  /// - Throws: `TrainingError.checkpoint` where none of them can be used: why the newest can't.
  public func restore(_ training: Training) throws(TrainingError) -> FilePath? {
    var failure: TrainingError?
    for file in files {
      do throws(WeightFileError) {
        let checkpoint = try WeightFile(contentsOf: file)
        do throws(TrainingError) {
          try training.restore(checkpoint, from: file)
          return file
        } catch {
          failure = failure ?? error
        }
      } catch {
        failure = failure ?? .checkpoint(file, .weightFile(error))
      }
    }
    if let failure { throw failure }
    return nil
  }

  /// Removes the checkpoints, and the directory where nothing else is in it.
  public func remove() {
    for file in files { _ = file.withPlatformString { unlink($0) } }
    _ = path.withPlatformString { rmdir($0) }
  }
}
