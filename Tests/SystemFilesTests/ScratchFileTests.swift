import Dispatch
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import SystemFiles

@Suite(.deadline(minutes: 2)) struct ScratchFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func bytesComeBack() throws {
    let file = try ScratchFile(in: folder.path, byteCount: 10_000)
    let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    try bytes.withUnsafeBytes { try file.write($0, at: 7000) }
    var found = [UInt8](repeating: 0, count: 3000)
    try found.withUnsafeMutableBytes { try file.read(at: 7000, into: $0) }
    #expect(found == bytes)
  }

  /// Nothing to be left behind, however the process ends.
  @Test func fileHasNoName() throws {
    let file = try ScratchFile(in: folder.path, byteCount: 10_000)
    #expect(try folder.entries == [])
    #expect(file.byteCount == 10_000 && file.directory == folder.path)
  }

  @Test func roomIsReserved() throws {
    let file = try ScratchFile(in: folder.path, byteCount: 8 << 20)
    var status = stat()
    #expect(fstat(file.descriptor.rawValue, &status) == 0)
    #expect(status.st_size == 8 << 20)
    // In blocks of 512 bytes, whatever the file system's are.
    #expect(status.st_blocks * 512 >= 8 << 20)
  }

  @Test func moreThanTheDiskHasIsRefused() {
    let byteCount = 1 << 50
    #expect {
      _ = try ScratchFile(in: folder.path, byteCount: byteCount)
    } throws: { error in
      guard case .unavailable(folder.path, byteCount, let reason) = error as? ScratchFileError
      else { return false }
      return [.noSpace, .fileTooLarge].contains(reason)
    }
  }

  /// Not twice, as another thread's file may have its number by then, and not never.
  @Test func refusedFileIsClosedOnce() {
    let path = folder.path
    let refusals = 2000
    let isLost = Atomic<Bool>(false)
    let isDone = Atomic<Bool>(false)
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      guard thread == 0 else {
        while !isDone.load(ordering: .relaxed) {
          let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
          sched_yield()
          if close(file) != 0 { isLost.store(true, ordering: .relaxed) }
        }
        return
      }
      for _ in 0..<refusals {
        do throws(ScratchFileError) { _ = try ScratchFile(in: path, byteCount: 1 << 50) } catch {
          guard case .unavailable(_, _, .tooManyOpenFiles) = error else { continue }
          Issue.record("\(error)")
        }
      }
      isDone.store(true, ordering: .relaxed)
    }
    let wasLost = isLost.load(ordering: .relaxed)
    #expect(!wasLost)
  }

  @Test func directoryThatIsNotThereIsRefused() {
    #expect(
      throws: ScratchFileError.unavailable(
        folder["nowhere"], byteCount: 5, .noSuchFileOrDirectory)
    ) {
      try ScratchFile(in: folder["nowhere"], byteCount: 5)
    }
  }

  @Test func readingPastTheEndIsAnError() throws {
    let file = try ScratchFile(in: folder.path, byteCount: 10)
    var bytes = [UInt8](repeating: 0, count: 11)
    #expect(throws: ScratchFileError.failed(folder.path, .ioError)) {
      try bytes.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }
    }
  }

  @Test func nothingIsReservedForNothing() throws {
    #expect(try ScratchFile.reserve(0, in: folder["nowhere"]) == nil)
    #expect(try ScratchFile.reserve(1, in: folder.path)?.byteCount == 1)
  }
}
