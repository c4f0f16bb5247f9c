import SystemFiles
import SystemPackage
import TestSupport
import Testing

/// Files read from their beginning to their end.
@Suite struct WholeFileTests {
  /// Compared outside of expectations: a failed one would tell every byte.
  private let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  private func open(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> FileDescriptor {
    try FileDescriptor.open(folder.file("file", holding: bytes), .readOnly)
  }

  @Test(arguments: [0, 1, 65_536, 65_537, 200_000])
  func allOfAFileIsRead(_ count: Int) throws {
    let file = try open(Array(bytes.prefix(count)), in: TemporaryFolder())
    let found = try file.closeAfter { try file.readToEnd() }
    let isRead = found == Array(bytes.prefix(count))
    #expect(isRead)
  }

  @Test(arguments: [0, 1, 65_537, 199_999, 200_001])
  func noMoreThanTheLimitIsRead(_ limit: Int) throws {
    let file = try open(bytes, in: TemporaryFolder())
    let found = try file.closeAfter { try file.readToEnd(atMost: limit) }
    let isRead = found == Array(bytes.prefix(limit))
    #expect(isRead)
  }

  @Test func aPipeIsReadUntilItIsClosed() throws {
    let (output, input) = try FileDescriptor.pipe()
    _ = try input.closeAfter { try input.writeAll(bytes[..<5000]) }
    let found = try output.closeAfter { try output.readToEnd() }
    let isRead = found == Array(bytes.prefix(5000))
    #expect(isRead)
  }

  @Test func theSystemsReasonIsTold() throws {
    let directory = try FileDescriptor.open("/", .readOnly)
    #expect(throws: Errno.isDirectory) {
      try directory.closeAfter { try directory.readToEnd() }
    }
  }

  @Test func aLineIsFoundByItsBeginning() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("status", holding: "Name:\tx\nVmHWM:\t  12 kB\nVmHWM:\tno\n").string
    #expect(TextFile.line(of: file, after: "VmHWM:") == "\t  12 kB")
    #expect(TextFile.line(of: file, after: "") == "Name:\tx")
    #expect(TextFile.line(of: file, after: "Vm:") == nil)
    #expect(TextFile.line(of: folder["nowhere"].string, after: "") == nil)
    #expect(TextFile.lines(of: "/proc/self/status").contains { $0.hasPrefix("Pid:") })
  }
}
