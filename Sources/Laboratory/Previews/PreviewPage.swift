import BatchStylizer
import ImageFiles
import Pages
import SystemFiles
import SystemPackage

/// The page of a preview: for each photograph a gallery of it in all styles.
public struct PreviewPage {
  /// A style as its pictures' captions tell of it.
  public struct Style {
    public let name: String
    /// What else there is to say, a line each.
    public let lines: [String]

    public init(name: String, lines: [String]) {
      self.name = name
      self.lines = lines
    }
  }

  private let file: PageFile
  private let names: DistinctNames
  private let styles: [Style]
  private let thumbnails: PageThumbnails

  /// The longer side of its pictures.
  public var side: Int { thumbnails.side }

  public init(_ file: PageFile, of inputs: [FilePath], styles: [Style]) {
    self.file = file
    self.styles = styles
    names = DistinctNames(inputs)
    thumbnails = PageThumbnails(pictures: inputs.count * styles.count)
  }

  /// Begins the pictures of a photograph.
  public func begin(_ path: FilePath) {
    file.begin(PageList.File(path, name: names.name(of: path)))
  }

  /// Adds the photograph in one style.
  ///
  /// - Throws: `ItemError` where the pictures can't be shown.
  public func append(
    _ photograph: StylePreview.Photograph, _ before: Image, _ after: Image, style: Int
  ) throws(ItemError) {
    do throws(ImageFileError) {
      file.append(
        PagePicture(
          name: styles[style].name, notes: styles[style].lines,
          outcome: .painted(
            width: photograph.width, height: photograph.height,
            before: try thumbnails.encoded(before), after: try thumbnails.encoded(after))))
    } catch {
      throw .image(error)
    }
  }

  /// Adds a picture that couldn't be painted.
  public func failed(_ path: FilePath, reason: String) {
    begin(path)
    file.append(
      PagePicture(name: names.name(of: path), file: path, outcome: .failed(reason: reason)))
  }

  /// Gives the file its name.
  ///
  /// - Returns: The reason why it couldn't be written, if it couldn't.
  public func finish() -> AtomicFileError? { file.finish(counting: "painting") }
}
