import ArgumentParser
import StyleModels
import SystemPackage

extension PathArgument {
  /// - Throws: A usage error where this doesn't name a style file.
  func requireStyleFile() throws {
    guard path.extension == "safetensors", !endsInSlash else {
      throw ValidationError("the output \(printable(path)) must end in .safetensors")
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
