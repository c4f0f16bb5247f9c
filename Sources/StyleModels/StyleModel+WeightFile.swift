import SystemPackage
import WeightFiles

extension StyleModel {
  /// Tells whether the file at `path` says that it is one of ours, rightly or not.
  public static func recognizes(fileAt path: FilePath) -> Bool {
    (try? WeightFile.metadata(of: path)).map(recognizes) ?? false
  }

  /// Tells whether metadata is that of one of our files, rightly or not.
  public static func recognizes(_ metadata: [String: String]) -> Bool {
    let keys = metadata.keys
    return keys.contains(MetadataKey.formatVersion.rawValue)
      && (keys.contains(MetadataKey.architecture.rawValue)
        || keys.contains(MetadataKey.base.rawValue))
  }

  /// Reads a style.
  ///
  /// - Parameters:
  ///   - file: The contents of its file.
  ///   - find: Finds the base that the style names.
  /// - Throws: `StyleModelError.notAStyle`, `.newerFormat`, `.otherKind`, what `find` throws, or
  ///   `.faults` with every missing or invalid key and every missing, surplus or mis-shaped tensor.
  ///   Tensors are checked where the network's layers are known.
  public init(
    weightFile file: WeightFile,
    base find: (BaseModel.Reference) throws(StyleModelError) -> BaseModel = {
      reference throws(StyleModelError) in throw .missingBase(reference, searched: [])
    }
  ) throws(StyleModelError) {
    var faults: [StyleModelError.Fault] = []
    header = try StyleHeader(
      file.metadata, shapes: file.tensors.mapValues(\.shape), base: find, faults: &faults)
    weights = file.tensors
    faults += valueFaults
    guard faults.isEmpty else { throw .faults(faults) }
  }

  /// The contents of this style's file. A key of the card that a style's own has gives way.
  public func weightFile() -> WeightFile {
    WeightFile(metadata: header.metadata, tensors: weights)
  }
}

extension WeightFile {
  /// Reads the weight file at `path`.
  ///
  /// - Parameter memory: The most bytes that its values may take.
  /// - Throws: `StyleModelError.weightFile`.
  static func read(_ path: FilePath, memory: Int = .max) throws(StyleModelError) -> WeightFile {
    do throws(WeightFileError) { return try WeightFile(contentsOf: path, memory: memory) } catch {
      throw .weightFile(error)
    }
  }
}
