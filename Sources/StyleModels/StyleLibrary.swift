import Synchronization
import SystemFiles
import SystemPackage
import WeightFiles

/// Directories in which style files lie, the way from a style's name to its file, and from a style to
/// its base, which is read but once.
public final class StyleLibrary: Sendable {
  /// The directories in the order in which they are searched; those that aren't there are passed
  /// over.
  public let directories: [FilePath]

  /// The bases that have been read, by their files.
  private let bases = Mutex<[FilePath: BaseModel]>([:])
  private let read = Mutex<[FilePath]>([])
  /// Bytes that values may still take.
  private let memory: Mutex<Int>

  /// The files of styles and bases that have been read.
  public var filesRead: [FilePath] { read.withLock { $0 } }

  /// - Parameters:
  ///   - directories: The directories, in the order in which they are searched.
  ///   - memory: Bytes that the values of all that is read may take.
  public init(directories: [FilePath], memory: Int = .max) {
    self.directories = directories
    self.memory = Mutex(memory)
  }

  /// The file that `style` means: itself, where it has a slash in it or ends in `.safetensors`, else
  /// `style.safetensors` in the first directory that has one.
  ///
  /// - Throws: `StyleLibraryError`, with the styles that there are.
  public func file(of style: FilePath) throws(StyleLibraryError) -> FilePath {
    if style.namesAFile { return style }
    for directory in directories {
      let file = directory.pushing(style.appendingExtension)
      if FileIdentity(of: file) != nil { return file }
    }
    let file = FileIdentity(of: style) != nil ? style : style.appendingExtension
    throw StyleLibraryError(
      style: style.string, searched: directories, available: files.compactMap(\.stem),
      file: FileIdentity(of: file)?.isRegularFile == true ? file : nil)
  }

  /// The variant of a style, or of a base, that was trained under another norm:
  /// `great-wave.batch.safetensors` beside `great-wave.safetensors`. Nil where there is none.
  public static func variant(of file: FilePath, norm: Norm) -> FilePath? {
    // Live statistics are those that a network trained with batch norm was trained with.
    let trained = norm == .batchLive ? Norm.batch : norm
    guard let stem = file.stem else { return nil }
    let variant = file.removingLastComponent().appending("\(stem).\(trained.rawValue)")
      .appendingExtension
    return FileIdentity(of: variant) != nil ? variant : nil
  }

  /// All style files but variants, sorted by name; of two of one name, the one that
  /// `file(of:)` finds. Those that can't be read are among them.
  public var files: [FilePath] { named.filter { !isVariant($0) && isStyle($0) } }

  /// Those and variants by their names, of which some may be no styles.
  private var named: [FilePath] {
    var names: [String: FilePath] = [:]
    for directory in directories {
      for file in styleFiles(in: directory) where names[file.stem] == nil {
        names[file.stem] = directory.appending(file)
      }
    }
    return names.sorted { $0.key < $1.key }.map(\.value)
  }

  private func isVariant(_ file: FilePath) -> Bool {
    Norm.allCases.contains { file.stem?.hasSuffix(".\($0.rawValue)") == true }
  }

  /// Files that say nothing of the kind, or can't be read, count as styles: their fault is told.
  private func isStyle(_ file: FilePath) -> Bool {
    let kind = try? WeightFile.metadata(of: file)[MetadataKey.kind.rawValue]
    return kind.flatMap(FileKind.init)?.isStyle ?? true
  }

  /// The styles on a base that can be read: those trained with a norm, where there are any.
  public func styles(on base: BaseModel, preferring norm: Norm) -> [StyleModel] {
    let styles = named.compactMap { file -> StyleModel? in
      let digest = try? WeightFile.metadata(of: file)[MetadataKey.baseDigest.rawValue]
      guard digest == base.digest else { return nil }
      return try? style(contentsOf: file)
    }
    let trained = styles.filter { $0.description.norm == norm }
    return trained.isEmpty ? styles : trained
  }

  /// Reads the style file at `path`, and the base that it is made for: from its own directory, else
  /// from the library's.
  ///
  /// - Throws: `StyleModelError`, of the base as `.missingBase`, `.otherBase` and `.base`.
  public func style(contentsOf path: FilePath) throws(StyleModelError) -> StyleModel {
    read.withLock { $0.append(path) }
    let file = try WeightFile.read(path, memory: memory.withLock { $0 })
    hold(file.tensors)
    return try StyleModel(weightFile: file) { reference throws(StyleModelError) in
      let width = file.tensors["in1.gamma"]?.shape.first
      return try base(reference, beside: path, width: width)
    }
  }

  /// Reads what the style file at `path` says ahead of its values, which aren't looked at, and the base
  /// that it is made for.
  ///
  /// - Throws: As `style(contentsOf:)`.
  public func header(contentsOf path: FilePath) throws(StyleModelError) -> StyleHeader {
    let file: WeightHeader
    do throws(WeightFileError) { file = try WeightFile.header(of: path) } catch {
      throw .weightFile(error)
    }
    guard file.faults.isEmpty else { throw .weightFile(.faults(file.faults)) }
    var faults: [StyleModelError.Fault] = []
    let header = try StyleHeader(
      file.metadata, shapes: file.shapes,
      base: { reference throws(StyleModelError) in
        try base(reference, beside: path, width: file.shapes["in1.gamma"]?.first)
      }, faults: &faults)
    guard faults.isEmpty else { throw .faults(faults) }
    return header
  }

  private func hold(_ tensors: [String: StoredTensor]) {
    let count = tensors.values.reduce(0) { $0 + $1.values.count }
    memory.withLock { $0 -= count * MemoryLayout<Float>.stride }
  }

  /// - Parameter width: The width that the style is of, where its file tells.
  private func base(_ reference: BaseModel.Reference, beside style: FilePath, width: Int?)
    throws(StyleModelError) -> BaseModel
  {
    let own = style.removingLastComponent()
    let places = [own.isEmpty ? "." : own] + directories.filter { $0 != own }
    var other: StyleModelError?
    for place in places {
      let file = place.appending(reference.name).appendingExtension
      guard FileIdentity(of: file) != nil else { continue }
      let base: BaseModel
      do throws(StyleModelError) { base = try self.base(in: file) } catch {
        other = other ?? .base(file, error)
        continue
      }
      if base.digest == reference.digest { return base }
      other =
        other
        ?? .otherBase(
          reference, found: base.reference, at: file,
          widths: .init(style: width, base: base.description.architecture.width))
    }
    throw other ?? .missingBase(reference, searched: places)
  }

  private func base(in file: FilePath) throws(StyleModelError) -> BaseModel {
    if let known = bases.withLock({ $0[file] }) { return known }
    read.withLock { $0.append(file) }
    let base = try BaseModel(contentsOf: file, memory: memory.withLock { $0 })
    hold(base.weights)
    bases.withLock { $0[file] = base }
    return base
  }

  public static let fileExtension = "safetensors"

  private func styleFiles(in directory: FilePath) -> [FilePath.Component] {
    guard let entries = try? DirectoryEntries(of: directory) else { return [] }
    return entries.map(\.name).filter { $0.extension == Self.fileExtension }
  }
}

/// The error that no style of that name is at hand.
public struct StyleLibraryError: Error, Equatable, Sendable, CustomStringConvertible {
  public let style: String
  public let searched: [FilePath]
  public let available: [String]
  /// A file of that name in the working directory, where names aren't looked up.
  public let file: FilePath?

  public init(style: String, searched: [FilePath], available: [String], file: FilePath? = nil) {
    self.style = style
    self.searched = searched
    self.available = available
    self.file = file
  }

  public var description: String {
    let places = searched.map(\.string).joined(separator: ", ")
    let fault = "no style \"\(style)\""
    if file != nil { return fault }
    if available.isEmpty { return "\(fault), and none at all in \(places)" }
    if let match = available.closestMatch(to: style) { return "\(fault); did you mean \(match)?" }
    return "\(fault); there are \(available.joined(separator: ", ")) (in \(places))"
  }
}

extension FilePath {
  /// Whether this, as a style, is the path of a file and no name.
  public var namesAFile: Bool {
    components.count != 1 || isAbsolute || self.extension == StyleLibrary.fileExtension
  }

  fileprivate var appendingExtension: FilePath {
    FilePath(string + ".\(StyleLibrary.fileExtension)")
  }
}
