import ArgumentParser
import BatchStylizer
import ImageFiles
import SystemFiles
import SystemPackage

extension PathArgument {
  /// The format that the name asks for.
  ///
  /// - Throws: A usage error where this doesn't name a picture.
  func requirePictureFile() throws -> ImageFormat {
    guard let format = pictureFormat else {
      throw ValidationError(
        "the output \(printable(path)) must end in \(ImageFormat.extensionList)")
    }
    return format
  }

  private var pictureFormat: ImageFormat? {
    endsInSlash ? nil : path.extension.flatMap(ImageFormat.init(fileExtension:))
  }

  /// - Throws: `Refusal` where there is a file of that name which may not be replaced.
  func refuseExisting(unless overwrites: Bool) throws(Refusal) {
    if !overwrites, FileIdentity(of: path) != nil {
      throw Refusal(BatchPlanError.outputExists(path))
    }
  }

  /// - Throws: `Refusal` where the directory of this file isn't there or can't be written to.
  func refuseClosedPlace() throws(Refusal) {
    let directory = path.removingLastComponent()
    if let place = ClosedPlace(onTheWayTo: directory) {
      throw Refusal(BatchPlanError.closed([place]))
    }
    if !directory.isEmpty, FileIdentity(of: directory) == nil {
      throw Refusal(BatchPlanError.closed([ClosedPlace(directory, .noSuchFileOrDirectory)]))
    }
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
  }
}
