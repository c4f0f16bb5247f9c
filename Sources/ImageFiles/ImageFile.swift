import SystemPackage

/// PNG and JPEG files, in and out. The path `-` is standard input, or output, and `./-` a file of that
/// name.
public enum ImageFile {
  /// Opens a picture to be read row by row.
  ///
  /// What it is goes by its first bytes, never by its name. Rows come upright.
  ///
  /// - Parameters:
  ///   - path: The picture's file.
  ///   - limits: The most that the header may claim; checked before memory is taken for pixels.
  ///   - damaged: The treatment of damage that is found while rows are read.
  ///   - colors: The colours that rows come in; CMYK comes as RGB in each case.
  /// - Throws: `ImageFileError`.
  public static func open(
    _ path: FilePath, limits: ImageLimits = .init(), damaged: DamagePolicy = .fail,
    colors: SampleColors = .sRGB
  ) throws(ImageFileError) -> any RowSource {
    try open(OpenedPicture(path), limits: limits, damaged: damaged, colors: colors)
  }

  /// Opens the picture that `descriptor` gives, standard input for one; it is closed with the
  /// source. What can't be read at any place is first copied to memory, as encoded.
  ///
  /// - Throws: `ImageFileError`.
  public static func open(
    owning descriptor: FileDescriptor, limits: ImageLimits = .init(), damaged: DamagePolicy = .fail,
    colors: SampleColors = .sRGB
  ) throws(ImageFileError) -> any RowSource {
    try open(OpenedPicture(owning: descriptor), limits: limits, damaged: damaged, colors: colors)
  }

  /// Opens one of several pictures.
  ///
  /// - Throws: `ImageFileError`.
  public static func open(
    _ picture: StreamedPicture, limits: ImageLimits = .init(), damaged: DamagePolicy = .fail,
    colors: SampleColors = .sRGB
  ) throws(ImageFileError) -> any RowSource {
    let own: FileDescriptor
    do { own = try picture.file.duplicate() } catch {
      throw .unreadable(error as? Errno ?? .ioError)
    }
    return try open(owning: own, limits: limits, damaged: damaged, colors: colors)
  }

  /// Opens a picture of whose file the first bytes were read.
  ///
  /// - Throws: `ImageFileError`.
  public static func open(
    _ picture: OpenedPicture, limits: ImageLimits = .init(), damaged: DamagePolicy = .fail,
    colors: SampleColors = .sRGB
  ) throws(ImageFileError) -> any RowSource {
    let file = SourceFile(picture)
    var metadata: ImageMetadata
    var notes: [ImageNote]
    let rows: DecodedRows
    switch file.format {
    case .png:
      let chunks = try PNGChunks(walking: file)
      try limits.check(width: chunks.width, height: chunks.height)
      (metadata, notes) = (chunks.metadata, chunks.notes)
      _ = metadata.resolveProfile(for: chunks.samples, notes: &notes)
      rows = try DecodedRows(metadata: metadata, notes: notes, damaged: damaged) {
        () throws(ImageFileError) in
        try PNGDecoder(file, limits: limits, damaged: damaged)
      }
    case .jpeg:
      let markers = try JPEGMarkers(walking: file)
      try limits.check(width: markers.width, height: markers.height)
      (metadata, notes) = (markers.metadata, markers.notes)
      let inks = metadata.resolveProfile(for: markers.samples, notes: &notes)
      rows = try DecodedRows(metadata: metadata, notes: notes, damaged: damaged) {
        () throws(ImageFileError) in
        try JPEGDecoder(file, limits: limits, damaged: damaged, inks: inks)
      }
    }
    var colored: any RowSource = rows
    if colors == .sRGB {
      let converted = ColorConvertedRows(inSRGB: rows)
      if !converted.isIdentity { colored = converted }
    }
    let orientation = metadata.exif.flatMap(EXIF.orientation) ?? .upright
    return orientation == .upright ? colored : UprightRows(colored, orientation: orientation)
  }

  /// Tells the format of the file at `path` by its first bytes.
  ///
  /// - Throws: `ImageFileError.unreadable`, `.empty`, `.unknownFormat`, `.otherFormat`.
  public static func format(of path: FilePath) throws(ImageFileError) -> ImageFormat {
    try OpenedPicture(path).format
  }

  /// Begins a file to be written row by row.
  ///
  /// Rows with alpha become JPEG over white.
  ///
  /// - Parameters:
  ///   - path: The file, which has this name once it is finished.
  ///   - format: What is written.
  ///   - width: Pixels of a row.
  ///   - height: Rows.
  ///   - pixels: The rows' format, and the file's.
  ///   - options: Quality and compression.
  ///   - metadata: The file's contents besides its pixels: a source's, of which the sink leaves out
  ///     what doesn't fit, with a note, and mends what is stale. Its colours are the file's.
  ///   - colors: The colours that rows will have.
  ///   - replacing: Whether a file of that name is replaced.
  /// - Throws: `ImageFileError.notReplaceable`, `.unwritable`, `.unfit`,
  ///   `.sixteenBitJPEG`, `.outOfMemory`.
  public static func create(
    _ path: FilePath, format: ImageFormat, width: Int, height: Int, pixels: PixelFormat,
    options: EncodingOptions = .init(), metadata: ImageMetadata = .init(),
    colors: SampleColors = .sRGB, replacing: Bool = false
  ) throws(ImageFileError) -> any RowSink {
    let maximum = format.maximumSide
    guard (1...maximum).contains(width), (1...maximum).contains(height) else {
      throw .unfit(format, width: width, height: height, maximumSide: maximum)
    }
    var notes: [ImageNote] = []
    let given = colors == .sRGB ? .sRGB : metadata.colorSpace
    var metadata = metadata
    let written = metadata.fitColors(
      format: format, colors, policy: options.metadata, notes: &notes)
    metadata = metadata.fitted(
      width: width, height: height, policy: options.metadata, madeBy: options.madeBy,
      notes: &notes)
    let encoder = try encoder(
      format, width: width, height: height, pixels: pixels, options: options, metadata: metadata,
      notes: &notes)
    return try EncodedRows(
      encoder, path: path, height: height, bytesPerRow: pixels.bytesPerRow(width: width),
      transform: .between(given, written, pixels), notes: notes, replacing: replacing)
  }

  private static func encoder(
    _ format: ImageFormat, width: Int, height: Int, pixels: PixelFormat, options: EncodingOptions,
    metadata: ImageMetadata, notes: inout [ImageNote]
  ) throws(ImageFileError) -> any Encoder {
    switch format {
    case .png:
      try PNGEncoder(
        width: width, height: height, pixels: pixels, compression: options.compression,
        chunks: metadata.pngChunks(notes: &notes))
    case .jpeg:
      try JPEGEncoder(
        width: width, height: height, pixels: pixels, quality: options.quality,
        density: metadata.density, segments: metadata.jpegSegments(notes: &notes))
    }
  }

  /// A picture's bytes as a file of it would hold them, without any metadata.
  ///
  /// - Throws: `ImageFileError.unfit`, `.sixteenBitJPEG`, `.outOfMemory`.
  public static func encoded(
    _ image: Image, as format: ImageFormat, options: EncodingOptions = .init()
  ) throws(ImageFileError) -> [UInt8] {
    let maximum = format.maximumSide
    guard image.width <= maximum, image.height <= maximum else {
      throw .unfit(
        format, width: image.width, height: image.height, maximumSide: maximum)
    }
    var notes: [ImageNote] = []
    let encoder = try encoder(
      format, width: image.width, height: image.height, pixels: image.pixels, options: options,
      metadata: ImageMetadata(), notes: &notes)
    var bytes: [UInt8] = []
    for y in 0..<image.height {
      try encoder.writeRow(image.row(y).span)
      bytes += encoder.output
      encoder.clearOutput()
    }
    try encoder.finish()
    return bytes + encoder.output
  }
}
