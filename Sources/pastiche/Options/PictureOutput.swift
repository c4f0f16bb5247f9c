import ArgumentParser
import BatchStylizer
import ImageFiles
import SystemFiles
import SystemPackage

extension PathArgument {
  /// - Returns: The format that the name asks for.
  /// - Throws: A usage error where this doesn't name a picture.
  func requirePictureFile() throws -> ImageFormat {
    guard let format = pictureFormat else {
      throw ValidationError(
        "the output \(printable(path)) must end in \(ImageFormat.extensionList)")
    }
    return format
  }

  /// The format that the name asks for; nil where it names no picture.
  var pictureFormat: ImageFormat? {
    endsInSlash ? nil : path.extension.flatMap(ImageFormat.init(fileExtension:))
  }

  /// Writes a picture, complete or not at all.
  func write(
    _ image: Image, options: EncodingOptions = EncodingOptions(), replacing: Bool
  ) throws(Refusal) {
    do throws(ImageFileError) {
      let sink = try ImageFile.create(
        path, format: pictureFormat ?? .png, width: image.width, height: image.height,
        pixels: image.pixels, options: options, replacing: replacing)
      try image.write(to: sink)
      try sink.finish()
    } catch {
      throw Refusal("\(printable(path)): \(error.message)")
    }
    StandardError.tellWritten(path)
  }
}
