import Crypto
import Glibc
import ImageFiles
import SystemFiles
import SystemPackage
import Tensors

/// A painting that a style is made after.
public struct Painting: Sendable {
  /// The name of the style.
  public let name: String
  /// SHA-256 of the file, in hexadecimal.
  public let digest: String
  /// The picture at the size at which it is looked at, in levels.
  let pixels: FeatureMap

  /// The shortest side that has strokes to learn.
  private static let shortestSide = 64
  /// The longest that a painting is as it is looked at, in times the size: what is longer is looked at
  /// at a shorter side.
  private static let longestRatio = 2.5
  /// The shortest side of one that is looked at.
  private static let shortestSeen = LossTaps().leastSide

  /// Reads a picture and brings its shorter side to `size`.
  ///
  /// - Throws: `TrainingError.painting`, `.paintingTooSmall`, `.paintingTooNarrow`, `.unreadable`.
  public init(contentsOf path: FilePath, name: String, size: Int, limits: ImageLimits = .init())
    throws(TrainingError)
  {
    self.name = name
    let size = Double(size)
    let source: any RowSource
    do throws(ImageFileError) { source = try ImageFile.open(path, limits: limits) } catch {
      throw .painting(path, error)
    }
    let (width, height) = (source.info.width, source.info.height)
    guard min(width, height) >= Self.shortestSide else {
      throw .paintingTooSmall(path, width: width, height: height, least: Self.shortestSide)
    }
    let (shorter, longer) = (min(width, height), max(width, height))
    let scale = min(size / Double(shorter), size * Self.longestRatio / Double(longer))
    func side(_ side: Int) -> Int { Int((Double(side) * scale).rounded()) / 4 * 4 }
    guard side(shorter) >= Self.shortestSeen else {
      throw .paintingTooNarrow(path, width: width, height: height)
    }
    do throws(ImageFileError) {
      pixels = try .pixels(
        of: Image(reading: ResizedRows(source, width: side(width), height: side(height))))
    } catch {
      throw .painting(path, error)
    }
    digest = try Self.digest(of: path)
  }

  private static func digest(of path: FilePath) throws(TrainingError) -> String {
    do {
      let descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
      return try descriptor.closeAfter {
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
          let count = try descriptor.read(into: buffer)
          guard count > 0 else { break }
          hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        return hash.finalize().map { $0.hexadecimal() }.joined()
      }
    } catch {
      throw .unreadable(path, error as? Errno ?? .ioError)
    }
  }
}
