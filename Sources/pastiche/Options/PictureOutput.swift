import ArgumentParser
import ImageFiles

extension PathArgument {
  /// The format that the name asks for.
  ///
  /// - Throws: A usage error where this doesn't name a picture.
  func requirePictureFile() throws -> ImageFormat {
    guard let format = path.extension.flatMap(ImageFormat.init(fileExtension:)), !endsInSlash else {
      throw ValidationError("the output \(printable(path)) must end in .png, .jpg or .jpeg")
    }
    return format
  }
}
