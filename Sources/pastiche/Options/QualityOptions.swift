import ArgumentParser
import ImageFiles

/// The quality of what is written as JPEG.
struct QualityOptions: ParsableArguments {
  @Option(
    name: [.customShort("q", allowingJoined: true), .long],
    help: ArgumentHelp(
      "JPEG quality, 1...100; by default \(EncodingOptions().quality).", valueName: "n"))
  var quality: Int?

  func validate() throws {
    if let quality, !(1...100).contains(quality) {
      throw ValidationError("--quality must be in 1...100, not \(quality)")
    }
  }

  var encoding: EncodingOptions {
    EncodingOptions(quality: quality ?? EncodingOptions().quality)
  }

  /// What is said of the option where it can't act on what is written.
  func idle(for format: ImageFormat?) -> String? {
    quality != nil && format == .png ? "--quality does nothing: what is written is PNG" : nil
  }
}
