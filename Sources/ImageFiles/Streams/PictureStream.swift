import Synchronization
import SystemFiles
import SystemPackage

/// Several pictures, PNG or JPEG, that stand one after the other in what is read forward only, as
/// `ffmpeg -f image2pipe` writes them.
public final class PictureStream: Sendable {
  /// What a descriptor gives.
  enum Contents {
    /// One picture, and what may stand behind it, or none: a file that can be read at any place.
    case one(FileDescriptor)
    case several(PictureStream)
  }

  /// The first picture's format.
  public let firstFormat: ImageFormat
  private let descriptor: FileDescriptor
  private let state: Mutex<State>

  /// - Parameter first: The first picture, where that was read already.
  private init(
    owning descriptor: FileDescriptor, _ bytes: ForwardBytes, first: StreamedPicture?,
    firstFormat: ImageFormat
  ) {
    self.descriptor = descriptor
    self.firstFormat = firstFormat
    state = Mutex(State(bytes: bytes, first: first))
  }

  deinit { try? descriptor.close() }

  /// The pictures on standard input; nil where there is one at most, which is `-` to `ImageFile`.
  public static var standardInput: PictureStream? {
    if case .success(.several(let stream)) = StandardInput.contents { stream } else { nil }
  }

  /// The pictures that `descriptor` gives, which is closed in the end; nil where there is one at most.
  ///
  /// - Throws: `ImageFileError.unreadable`.
  public static func pictures(
    owning descriptor: FileDescriptor
  ) throws(ImageFileError) -> PictureStream? {
    switch try contents(owning: descriptor) {
    case .several(let stream): return stream
    case .one(let file):
      try? file.close()
      return nil
    }
  }

  /// Reads as far as it takes to tell whether there are several pictures: directly behind the first
  /// another begins, or else all the rest belongs to the first, as it would in a file.
  ///
  /// - Throws: `ImageFileError.unreadable`.
  static func contents(owning descriptor: FileDescriptor) throws(ImageFileError) -> Contents {
    let isFile: Bool
    let copy: FileDescriptor?
    do throws(ImageFileError) {
      isFile = try descriptor.status().identity.isRegularFile
      copy = isFile ? nil : try FileDescriptor.memoryFile()
    } catch {
      try? descriptor.close()
      throw error
    }
    do throws(ImageFileError) {
      var bytes = ForwardBytes(descriptor, isFile: isFile)
      let several = try bytes.copying(to: copy) { bytes throws(ImageFileError) in
        try severalFormat(&bytes, isCopied: !isFile)
      }
      if let several {
        let first = copy.map { StreamedPicture(number: 1, format: several, file: $0) }
        return .several(
          PictureStream(
            owning: descriptor, isFile ? ForwardBytes(descriptor, isFile: true) : bytes,
            first: first, firstFormat: several))
      }
    } catch {
      try? copy?.close()
      try? descriptor.close()
      throw error
    }
    guard let copy else { return .one(descriptor) }
    try? descriptor.close()
    return .one(copy)
  }

  /// Passes over the first picture, and over the rest where no other follows it.
  ///
  /// - Returns: The first one's format where another follows.
  private static func severalFormat(
    _ bytes: inout ForwardBytes, isCopied: Bool
  ) throws(ImageFileError) -> ImageFormat? {
    guard let format = ImageFormat(signature: try bytes.peek(8)) else {
      // An endless stream of something else is not waited for.
      try bytes.passWhatCame()
      return nil
    }
    if try bytes.passPicture(format) == .found, ImageFormat(signature: try bytes.peek(8)) != nil {
      return format
    }
    if isCopied { try bytes.passAll() }
    return nil
  }

  /// Whether all pictures were given, or none can be told from the rest.
  public var isAtEnd: Bool { state.withLock { $0.isAtEnd } }
  /// How many pictures were given.
  public var count: Int { state.withLock { $0.count } }

  /// Reads the next picture; nil at the end, or where it was cancelled.
  ///
  /// - Parameter isCancelled: The question whether to stop, asked ten times a second while nothing
  ///   comes.
  /// - Throws: `ImageFileError.unreadable`, `.strayBytes`, `.endNotFound`; that is the end, too.
  public func next(
    unless isCancelled: @escaping @Sendable () -> Bool
  ) throws(ImageFileError) -> StreamedPicture? {
    try state.withLock { state throws(ImageFileError) in try state.next(unless: isCancelled) }
  }

  /// Everything in one file, as if there were but the first picture with bytes behind it.
  ///
  /// - Throws: `ImageFileError.unreadable`.
  func wholeFile() throws(ImageFileError) -> FileDescriptor {
    try state.withLock { state throws(ImageFileError) in
      guard let first = state.first else { return descriptor }
      try state.bytes.copying(to: first.file) { bytes throws(ImageFileError) in
        try bytes.passAll()
      }
      return first.file
    }
  }
}

private struct State {
  var bytes: ForwardBytes
  var first: StreamedPicture?
  var count = 0
  var isAtEnd = false

  mutating func next(
    unless isCancelled: @escaping @Sendable () -> Bool
  ) throws(ImageFileError) -> StreamedPicture? {
    if isAtEnd { return nil }
    bytes.isCancelled = isCancelled
    do throws(ImageFileError) {
      let picture: StreamedPicture?
      if let first { picture = first } else { picture = try read() }
      first = nil
      if picture != nil { count += 1 } else { isAtEnd = !bytes.wasCancelled }
      return picture
    } catch {
      isAtEnd = true
      throw error
    }
  }

  private mutating func read() throws(ImageFileError) -> StreamedPicture? {
    let start = try bytes.peek(8)
    if bytes.wasCancelled || start.isEmpty { return nil }
    let offset = bytes.offset
    guard let format = ImageFormat(signature: start) else {
      throw .strayBytes(Array(start), offset: offset, pictures: count)
    }
    let picture = StreamedPicture(
      number: count + 1, format: format, file: try FileDescriptor.memoryFile())
    let end = try bytes.copying(to: picture.file) { bytes throws(ImageFileError) in
      try bytes.passPicture(format)
    }
    if bytes.wasCancelled { return nil }
    if end == .lost { throw .endNotFound(offset: offset, pictures: count) }
    return picture
  }
}
