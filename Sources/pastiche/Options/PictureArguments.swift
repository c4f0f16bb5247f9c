import ArgumentParser
import BatchStylizer
import ImageFiles
import SystemFiles
import SystemPackage

/// Pictures to look at, in the order in which they are named.
struct PictureArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("Pictures, or directories of them.", valueName: "image"))
  var inputs: [PathArgument]

  @Flag(name: [.customShort("r"), .long], help: "Enter directories in directories.")
  var recursive = false

  /// Lists the pictures, those of a directory sorted, and tells of directories that aren't entered.
  ///
  /// - Throws: `Refusal` where there are none.
  func pictures() throws(Refusal) -> [PictureWalk.Found] {
    var walk = PictureWalk(inputs.map { .init($0.path) }, recursively: recursive)
    var found: [PictureWalk.Found] = []
    while let next = walk.next() { found.append(next) }
    let directories = walk.passedOver.directories
    let passedOver =
      "\(counted(directories, "directory", "directories")); pass -r to enter "
      + "\(directories == 1 ? "it" : "them")"
    if found.isEmpty {
      throw Refusal(
        "no pictures found: files ending in \(ImageFormat.extensionList)"
          + (directories > 0 ? "; passed over \(passedOver)" : ""))
    }
    if directories > 0 { StandardError.writeLine("pastiche: passed over \(passedOver)") }
    return found
  }
}
