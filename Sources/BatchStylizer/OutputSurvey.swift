import Glibc
import SystemFiles
import SystemPackage

/// A walk over the names of very many pictures, before any is opened, that counts them and finds those
/// whose outputs have to be looked at together.
///
/// Two outputs can be one only where their places are: the directories', whatever links lead there,
/// and the names', but for case and extension. Of each picture 4 bytes are kept for that, in
/// which a few in a million agree by chance, and are looked at for nothing.
struct OutputSurvey {
  /// The pictures, those that are one twice counted twice.
  private(set) var count = 0
  private(set) var passedOver = PictureWalk.PassedOver()
  /// The pictures that some other's output may be one with, or that go where nothing can be written.
  private(set) var suspects: [PictureWalk.Found] = []

  private let directories: [FilePath]
  /// The directories of several styles, by the hashes of their places.
  private var styleDirectories: [Int: FilePath] = [:]
  /// Whether two styles' directories may be one, so that all is to be looked at.
  private var areStylesEntangled = false

  /// A directory of outputs.
  private struct Directory {
    let relativePath: FilePath
    /// Its number in the walk; nil for those of files that were named.
    let number: Int?
    /// The hash of its place, in the first style.
    let hash: Int
    /// Whether nothing can be written there.
    let isClosed: Bool
  }

  /// - Parameter directories: Those that outputs go to, one for each style.
  init(of walk: PictureWalk, into directories: [FilePath]) {
    self.directories = directories
    var outputs: [UInt32] = []
    var isAnyClosed = false
    passedOver = visit(walk) { output, isClosed, _ in
      outputs.append(output)
      isAnyClosed = isAnyClosed || isClosed
    }
    count = outputs.count
    outputs.sort()
    let shared = Set(zip(outputs, outputs.dropFirst()).lazy.filter { $0 == $1 }.map(\.0))
    outputs = []
    guard !shared.isEmpty || isAnyClosed || areStylesEntangled else { return }
    let all = areStylesEntangled
    var suspects: [PictureWalk.Found] = []
    _ = visit(walk) { output, isClosed, step in
      if all || isClosed || shared.contains(output) { suspects.append(step.found) }
    }
    self.suspects = suspects
  }

  /// Goes through the pictures, each with the hash of its output's place but for case and extension,
  /// and whether that is closed.
  private mutating func visit(
    _ walk: PictureWalk, _ body: (UInt32, Bool, PictureWalk.Step) -> Void
  ) -> PictureWalk.PassedOver {
    var walk = walk
    var present: Directory?
    while let step = walk.step() {
      switch step {
      case .entry(let directory):
        let place: Directory
        if let present, present.number == directory.number {
          place = present
        } else {
          place = look(at: directory.relativePath, directory.number)
          present = place
        }
        let hash = directory.entries.withName { Self.hash(place.hash, $0) }
        body(hash, place.isClosed, step)
      case .other(let found):
        let above = found.relativePath.removingLastComponent()
        let place: Directory
        if let present, present.relativePath == above {
          place = present
        } else {
          place = look(at: above, nil)
          present = place
        }
        let hash =
          found.relativePath.lastComponent?.withPlatformString { name in
            Self.hash(place.hash, UnsafeBufferPointer(start: name, count: strlen(name)))
          } ?? UInt32(truncatingIfNeeded: place.hash)
        body(hash, place.isClosed, step)
      }
    }
    return walk.passedOver
  }

  private mutating func look(at relativePath: FilePath, _ number: Int?) -> Directory {
    let paths = directories.map { $0.pushing(relativePath) }
    let hashes = paths.map { FilePlace(of: $0).caseless.hashValue }
    if paths.count > 1 {
      for (path, hash) in zip(paths, hashes) {
        if let other = styleDirectories.updateValue(path, forKey: hash), other != path {
          areStylesEntangled = true
        }
      }
    }
    return Directory(
      relativePath: relativePath, number: number, hash: hashes[0],
      isClosed: paths.contains { ClosedPlace(onTheWayTo: $0) != nil })
  }

  /// FNV-1a over a name without extension in lower case, from the hash of its directory on.
  private static func hash(_ directory: Int, _ name: UnsafeBufferPointer<CChar>) -> UInt32 {
    var stem = name[...]
    if let dot = stem.lastIndex(of: dot), dot > 0 {
      stem = stem[..<dot]
      // What has nothing behind its dot may be given an extension, dot and all.
      while stem.last == Self.dot { stem.removeLast() }
    }
    var hash = UInt64(bitPattern: Int64(directory))
    func combine(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    if stem.allSatisfy({ $0 >= 0 }) {
      for letter in stem {
        let byte = UInt8(letter)
        combine((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      }
    } else {
      let key = CaselessNames.key(decoding: stem.lazy.map { UInt8(bitPattern: $0) })
      // Some letters of other scripts are one with those of ASCII; others have several spellings.
      if key.utf8.allSatisfy({ $0 < 0x80 }) {
        key.utf8.forEach(combine)
      } else {
        withUnsafeBytes(of: key.hashValue) { $0.forEach(combine) }
      }
    }
    return UInt32(truncatingIfNeeded: hash >> 32)
  }

  private static let dot = CChar(bitPattern: UInt8(ascii: "."))
}
