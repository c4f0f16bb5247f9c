import BatchStylizer
import ImageFiles
import Pages
import SystemFiles
import SystemPackage

/// The page of a preview: a slider for each picture in each style.
public struct PreviewPage {
  private let file: PageFile
  private let names: DistinctNames
  private let styles: [String]
  private let thumbnails: PageThumbnails

  /// The longer side of its pictures.
  public var side: Int { thumbnails.side }

  public init(_ file: PageFile, of inputs: [FilePath], styles: [String]) {
    self.file = file
    self.styles = styles
    names = DistinctNames(inputs)
    thumbnails = PageThumbnails(pictures: inputs.count * styles.count)
  }

  /// Adds a picture in one style.
  ///
  /// - Throws: `ItemError` where the pictures can't be shown.
  public func append(
    _ photograph: StylePreview.Photograph, _ before: Image, _ after: Image, _ path: FilePath,
    style: Int
  ) throws(ItemError) {
    do throws(ImageFileError) {
      file.append(
        PagePicture(
          name: "\(styles[style]): \(names.name(of: path))", file: path,
          outcome: .painted(
            width: photograph.width, height: photograph.height,
            before: try thumbnails.encoded(before), after: try thumbnails.encoded(after))))
    } catch {
      throw .image(error)
    }
  }

  /// Adds a picture that couldn't be painted.
  public func failed(_ path: FilePath, reason: String) {
    file.append(
      PagePicture(name: names.name(of: path), file: path, outcome: .failed(reason: reason)))
  }

  /// Gives the file its name.
  ///
  /// - Returns: The reason why it couldn't be written, if it couldn't.
  public func finish() -> AtomicFileError? { file.finish(statistics: nil) }
}
