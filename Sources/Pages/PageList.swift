import SystemFiles
import SystemPackage

/// A list of what there is to say, an item a line, with the files that it is about.
public struct PageList: Equatable, Sendable {
  public struct File: Equatable, Sendable {
    public let name: String
    public let path: FilePath

    public init(_ path: FilePath, name: String) {
      self.name = name
      self.path = path
    }
  }

  public struct Item: Equatable, Sendable {
    public let text: String
    public let files: [File]

    public init(_ text: String, _ files: [File]) {
      self.text = text
      self.files = files
    }
  }

  public let section: PageSection
  public let items: [Item]

  public init(_ section: PageSection, _ items: [Item]) {
    self.section = section
    self.items = items
  }

  /// - Parameter page: The page's own path, from which files are found.
  func section(on page: FilePath) -> HTML {
    let items = items.map { item -> HTML in
      let links = item.files.map { file -> HTML in
        link(to: file.path, "<bdi>\(file.name)</bdi>", on: page)
      }
      return "<li>\(item.text) <span>\(links, separator: ", ")</span></li>\n"
    }
    return "\(section.start)\n<ul class=\"list\">\n\(items)</ul>\n</section>\n"
  }
}

/// Links to a file; a standard stream is none.
func link(to file: FilePath?, _ text: HTML, on page: FilePath) -> HTML {
  guard let file, !file.isStandardStream else { return text }
  return "<a href=\"\(file.reference(from: page))\">\(text)</a>"
}
