import ArgumentParser
import StyleModels
import SystemPackage

extension PathArgument {
  /// - Parameter other: Another extension that will do.
  /// - Throws: A usage error where this doesn't name a style file.
  func requireStyleFile(or other: String? = nil) throws {
    let extensions = ["safetensors"] + (other.map { [$0] } ?? [])
    guard let own = path.extension, extensions.contains(own), !endsInSlash else {
      let words = extensions.map { ".\($0)" }.joined(separator: " or ")
      throw ValidationError("the output \(printable(path)) must end in \(words)")
    }
  }
}

extension StyleModel {
  /// Writes the style, complete or not at all.
  func write(to output: PathArgument, replacing: Bool) throws(Refusal) {
    do throws(StyleModelError) { try write(to: output.path, replacing: replacing) } catch {
      throw Refusal(error)
    }
  }
}
