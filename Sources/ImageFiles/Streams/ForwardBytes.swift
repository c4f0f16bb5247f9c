import Glibc
import SystemFiles
import SystemPackage

/// Bytes that are read from the first to the last, but for a look ahead, and copied on the way: to
/// memory while they are few, else to a disk.
struct ForwardBytes {
  /// The most bytes of a copy that are in memory.
  static let bytesInMemory = 1 << 20
  /// The most bytes of a copy: those of a picture as large as any, with 16 bits a sample.
  static let copyLimit = 1 << 31

  /// The question whether to stop, asked ten times a second while nothing comes. From then on it is
  /// as if the end had come.
  var isCancelled: @Sendable () -> Bool = { false }
  private(set) var wasCancelled = false
  /// How many bytes were passed over.
  private(set) var offset = 0

  private let descriptor: FileDescriptor
  /// Whether it is read at places of its own, so that another reader may begin anew.
  private let isFile: Bool
  /// What was read last, of which what is behind `position` wasn't passed over yet.
  private var held: [UInt8] = []
  private var position = 0
  private var piece = [UInt8](repeating: 0, count: 1 << 16)
  /// Where what is passed over goes, and the first of it in `held` that didn't yet.
  private var copy: FileDescriptor?
  private var firstToCopy = 0
  /// How many bytes the copy has.
  private var copied = 0
  private let copyLimit: Int

  init(_ descriptor: FileDescriptor, isFile: Bool, copyLimit: Int = copyLimit) {
    self.descriptor = descriptor
    self.isFile = isFile
    self.copyLimit = copyLimit
  }

  /// The next bytes, fewer than `count` only where the end comes.
  mutating func peek(_ count: Int) throws(ImageFileError) -> ArraySlice<UInt8> {
    while held.count - position < count, try fill() {}
    return held[position...].prefix(count)
  }

  /// Passes over `count` bytes.
  ///
  /// - Returns: Whether there were so many.
  mutating func pass(_ count: Int) throws(ImageFileError) -> Bool {
    var rest = count
    while rest > 0 {
      if position == held.count, !(try fill()) { return false }
      let step = min(rest, held.count - position)
      position += step
      offset += step
      rest -= step
    }
    return true
  }

  /// Passes over what is ahead of the next `byte`.
  ///
  /// - Returns: Whether there is one.
  mutating func pass(until byte: UInt8) throws(ImageFileError) -> Bool {
    repeat {
      let found = held[position...].firstIndex(of: byte)
      _ = try pass((found ?? held.count) - position)
      if found != nil { return true }
    } while try fill()
    return false
  }

  /// Passes over what has come already, and waits for no more.
  mutating func passWhatCame() throws(ImageFileError) {
    _ = try pass(held.count - position)
  }

  /// Passes over all there is.
  mutating func passAll() throws(ImageFileError) {
    repeat { try passWhatCame() } while try fill()
  }

  /// Copies what `body` passes over to `file`, one in memory, behind what is there.
  ///
  /// - Throws: Also `ImageFileError.endless` and `.uncopied`.
  mutating func copying<Result>(
    to file: FileDescriptor?, _ body: (inout Self) throws(ImageFileError) -> Result
  ) throws(ImageFileError) -> Result {
    copy = file
    copied = file.flatMap { try? Int($0.seek(offset: 0, from: .current)) } ?? 0
    firstToCopy = position
    let result = try body(&self)
    try copyPassed()
    copy = nil
    return result
  }

  private mutating func copyPassed() throws(ImageFileError) {
    guard let copy, firstToCopy < position else { return }
    let bytes = held[firstToCopy..<position]
    let wasInMemory = copied <= Self.bytesInMemory
    copied += bytes.count
    guard copied <= copyLimit else { throw .endless(limit: copyLimit) }
    if wasInMemory, copied > Self.bytesInMemory { try copy.moveToDisk() }
    do { try copy.writeAll(bytes) } catch {
      let place = (try? ScratchDirectory.standard()) ?? "memory"
      throw .uncopied(place, error as? Errno ?? .ioError)
    }
    firstToCopy = position
  }

  /// Reads on; false at the end.
  private mutating func fill() throws(ImageFileError) -> Bool {
    try copyPassed()
    held.removeFirst(position)
    (position, firstToCopy) = (0, 0)
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    repeat {
      wasCancelled = wasCancelled || isCancelled()
      if wasCancelled { return false }
    } while poll(&request, 1, 100) <= 0
    do {
      let place = Int64(offset + held.count)
      let count = try piece.withUnsafeMutableBytes { piece in
        isFile
          ? try descriptor.read(fromAbsoluteOffset: place, into: piece)
          : try descriptor.read(into: piece)
      }
      held += piece[..<count]
      return count > 0
    } catch {
      throw .unreadable(error as? Errno ?? .ioError)
    }
  }
}
