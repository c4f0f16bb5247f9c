import SystemFiles
import SystemPackage
import Testing

@testable import ImageFiles

struct ImageFileErrorTests {
  @Test(arguments: [
    (ImageFileError.unreadable(.permissionDenied), "can't be read: Permission denied"),
    (.empty, "the file is empty; expected a PNG or JPEG picture"),
    (
      .unknownFormat([0x47, 0x49, 0x06]),
      "neither PNG nor JPEG: begins with 47 49 06; convert it to one of them first"
    ),
    (
      .otherFormat(.html),
      "neither PNG nor JPEG but a web page, as a download that failed leaves; get the picture anew"
    ),
    (
      .unsupported(.jpegDepth(bits: 12)),
      "JPEG with 12 bits a sample is not supported, only 8; convert it first"
    ),
    (
      .damaged("bad Huffman code"),
      "damaged: bad Huffman code; get the file anew"
    ),
    (
      .tooLong(width: 65501, height: 1, maximumSide: 65500),
      "65501x1 pixels, but a side may have 65500 at most; shrink it first"
    ),
    (
      .tooManyPixels(width: 20, height: 20, maximumPixels: 399),
      "20x20 pixels, but at most 399 are allowed"
    ),
    (.exists, "the output exists already"),
    (
      .unwritable(.write, .noSpace),
      "no space left on the disk for the output; free some and run again"
    ),
    (.unwritable(.sync, .ioError), "can't sync the output: Input/output error"),
    (
      .unfit(.jpeg, width: 65501, height: 1, maximumSide: 65500),
      "65501x1 pixels, but a side has 1 to 65500 in jpeg files"
    ),
  ])
  func messagesSayWhatWasFound(_ error: ImageFileError, _ message: String) {
    #expect(error.description == message)
  }

  @Test func pathsAreLeftToTheCaller() {
    #expect(ImageFileError(AtomicFileError.exists("a/b")) == .exists)
    #expect(
      ImageFileError(AtomicFileError.failed(.rename, "a/b", .noSpace))
        == .unwritable(.rename, .noSpace))
  }
}
