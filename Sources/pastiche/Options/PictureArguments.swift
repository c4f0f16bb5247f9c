import ArgumentParser
import BatchStylizer
import ImageFiles
import SystemFiles
import SystemPackage

/// Pictures to look at, in the order in which they are named.
struct PictureArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("Pictures, or directories of them.", valueName: "image"))
  var inputs: [PathArgument]

  /// Lists the pictures, those of a directory sorted, of the directories below it too.
  ///
  /// - Throws: `Refusal` where there are none.
  func pictures() throws(Refusal) -> [PictureWalk.Found] {
    let found = Array(PictureWalk(inputs.map { .init($0.path) }, recursively: true))
    if found.isEmpty {
      throw Refusal("no pictures found: files ending in \(ImageFormat.extensionList)")
    }
    return found
  }
}
