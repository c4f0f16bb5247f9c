import SystemPackage
import Testing

@testable import SystemFiles

struct AtomicFileErrorTests {
  @Test func messagesSayWhatWasFound() {
    #expect(
      AtomicFileError.exists("a/b.png").description
        == "a/b.png exists already")
    #expect(
      AtomicFileError.notReplaceable("a/b.png", .pipe).description
        == "a/b.png is a pipe, and only files are replaced")
    #expect(
      AtomicFileError.failed(.write, "b", .noSpace).description
        == "no space left on the disk for b; free some and run again")
    #expect(
      AtomicFileError.failed(.create, "b", .permissionDenied).description
        == "can't create b: Permission denied")
  }
}
