import SystemPackage
import TestSupport
import Testing

@testable import SystemFiles

@Suite struct ScratchDirectoryTests {
  @Test func directoriesOnDiskAreToldFromThoseInMemory() throws {
    let folder = try TemporaryFolder()
    #expect(ScratchDirectory.isOnDisk("/var/tmp"))
    #expect(!ScratchDirectory.isOnDisk("/dev/shm"))
    #expect(!ScratchDirectory.isOnDisk(folder["nowhere"]))
    #expect(try !ScratchDirectory.isOnDisk(folder.file("file")))
  }

  @Test func firstOnDiskIsTaken() throws {
    #expect(try ScratchDirectory.first(of: ["/dev/shm", "/nowhere", "/var/tmp"]) == "/var/tmp")
    #expect(throws: ScratchFileError.noDirectory(tried: ["/dev/shm"])) {
      try ScratchDirectory.first(of: ["/dev/shm"])
    }
  }

  @Test func messagesSayWhatWasFound() {
    #expect(
      ScratchFileError.noDirectory(tried: ["/dev/shm", "/var/tmp"]).description
        == "no scratch space on a disk (tried /dev/shm, /var/tmp)")
    #expect(
      ScratchFileError.unavailable("/x", byteCount: 3 << 20, .noSpace).description
        == "3 MB of scratch space in /x can't be had: No space left on device")
    // Rounded up, as less would not do.
    #expect(
      ScratchFileError.unavailable("/x", byteCount: 3 << 20 | 1, .noSpace).description
        .hasPrefix("4 MB of scratch space in /x "))
  }
}
