import Foundation
import SystemFiles
import SystemPackage
import Testing

@testable import WeightFiles

@Suite struct WeightFileTests {
  private let small = WeightFile(tensors: ["a": StoredTensor(shape: [2], values: [1, 2])])

  /// Runs `body` with a directory of its own.
  private func inDirectory(_ body: (FilePath) throws -> Void) throws {
    let directory = FilePath(NSTemporaryDirectory()).appending("weights-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      atPath: directory.string, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: directory.string) }
    try body(directory)
  }

  private func names(in directory: FilePath) -> [String]? {
    try? FileManager.default.contentsOfDirectory(atPath: directory.string)
  }

  @Test func whatIsWrittenIsRead() throws {
    try inDirectory { directory in
      let path = directory.appending("a.safetensors")
      try small.write(to: path, replacing: false)
      #expect(try WeightFile(contentsOf: path) == small)
      var other = small
      other.metadata = ["k": "v"]
      try other.write(to: path, as: .f16, replacing: true)
      #expect(try WeightFile(contentsOf: path) == other)
      #expect(names(in: directory) == ["a.safetensors"])
    }
  }

  @Test func whatIsThereStays() throws {
    try inDirectory { directory in
      let path = directory.appending("a.safetensors")
      try small.write(to: path, replacing: false)
      #expect(throws: WeightFileError.unwritable(.exists(path))) {
        try WeightFile(tensors: [:]).write(to: path, replacing: false)
      }
      #expect(try WeightFile(contentsOf: path) == small)
    }
  }

  @Test func faultyContentsLeaveNoFile() throws {
    try inDirectory { directory in
      let path = directory.appending("a.safetensors")
      let faulty = WeightFile(tensors: ["a": StoredTensor(shape: [1], values: [.infinity])])
      #expect(
        throws: WeightFileError.faults([.nonFinite(tensor: "a", count: 1, firstIndex: 0)])
      ) { try faulty.write(to: path, replacing: true) }
      #expect(names(in: directory) == [])
    }
  }

  @Test func whatCanNotBeRead() throws {
    try inDirectory { directory in
      let missing = directory.appending("missing")
      #expect(throws: WeightFileError.unreadable(.noSuchFileOrDirectory)) {
        try WeightFile(contentsOf: missing)
      }
      #expect(throws: WeightFileError.notARegularFile) { try WeightFile(contentsOf: directory) }
      let pipe = directory.appending("pipe")
      #expect(mkfifo(pipe.string, 0o600) == 0)
      #expect(throws: WeightFileError.notARegularFile) { try WeightFile(contentsOf: pipe) }
      let empty = directory.appending("empty")
      #expect(FileManager.default.createFile(atPath: empty.string, contents: nil))
      #expect(throws: WeightFileError.faults([.noHeaderLength(fileBytes: 0)])) {
        try WeightFile(contentsOf: empty)
      }
    }
  }

  @Test func aHugeFileIsNotRead() throws {
    try inDirectory { directory in
      let sparse = directory.appending("sparse")
      let size = WeightFile.fileLimit + 1
      #expect(FileManager.default.createFile(atPath: sparse.string, contents: nil))
      #expect(truncate(sparse.string, size) == 0)
      #expect(throws: WeightFileError.tooLarge(bytes: size, limit: WeightFile.fileLimit)) {
        try WeightFile(contentsOf: sparse)
      }
    }
  }

  @Test func errorsSpeakLineByLine() {
    let error = WeightFileError.faults([
      .trailingBytes(3),
      .sizeMismatch(tensor: "a", shape: [3], type: "F32", expectedBytes: 12, foundBytes: 8),
    ])
    #expect(
      error.description == """
        3 bytes after the last tensor
        a: shape [3] in F32 needs 12 bytes, found 8
        """)
    let many = WeightFileError.faults(.init(repeating: .trailingBytes(1), count: 103))
    #expect(many.description.hasSuffix("\nand 3 more faults"))
  }
}
