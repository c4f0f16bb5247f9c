import Testing

@testable import ForeignWeights

@Suite struct ZipArchiveTests {
  private static let two = [
    ZipBytes.Entry("a/data.pkl", [1, 2, 3]), ZipBytes.Entry("a/data/0", [4, 5]),
  ]

  private func fault(_ entries: [ZipBytes.Entry], end: [UInt8] = []) -> PyTorchFault? {
    var zip = ZipBytes(entries)
    zip.end = end
    return fault(zip.bytes)
  }

  private func fault(_ bytes: [UInt8]) -> PyTorchFault? {
    do throws(PyTorchFault) { _ = try ZipArchive(ByteSource(bytes)) } catch { return error }
    return nil
  }

  @Test func entriesHaveTheirBytes() throws {
    let bytes = ZipBytes(Self.two).bytes
    let entries = try ZipArchive(ByteSource(bytes)).entries
    #expect(
      entries.mapValues { Array(bytes[$0]) } == ["a/data.pkl": [1, 2, 3], "a/data/0": [4, 5]])
    let behind = Self.two.map { $0.with(\.flags, 8).with(\.localSize, 0) }
    #expect(fault(behind) == nil)
  }

  @Test func faultsOfAnEntryAreTold() {
    let (first, second) = (Self.two[0], Self.two[1])
    func told(_ entry: ZipBytes.Entry) -> PyTorchFault? { fault([first, entry]) }
    #expect(told(second.with(\.method, 8)) == .entry("a/data/0", .compressed(method: 8)))
    #expect(told(second.with(\.flags, 1)) == .entry("a/data/0", .encrypted))
    #expect(told(first) == .entry("a/data.pkl", .duplicate))
    #expect(told(second.with(\.size, 3)) == .entry("a/data/0", .outside))
    #expect(told(second.with(\.size, 0xFFFF_FFFE)) == .entry("a/data/0", .outside))
    #expect(told(second.with(\.size, 0xFFFF_FFFF)) == .archive(.zip64))
    #expect(told(second.with(\.place, 0xFFFF_FFFE)) == .entry("a/data/0", .outside))
    #expect(told(second.with(\.place, 1)) == .entry("a/data/0", .contradiction))
    #expect(told(second.with(\.localSize, 1)) == .entry("a/data/0", .contradiction))
    #expect(told(second.with(\.localName, "a/data/1")) == .entry("a/data/0", .contradiction))
    for name in ["../b", "/b", "a//b", "a/./b", "b\\c", "a/", "", "b\0c"] {
      #expect(told(ZipBytes.Entry(name, [])) == .entry(name, .unsafeName))
    }
  }

  /// Entries of the same bytes under two names make an archive hold more than it has.
  @Test func overlapsAreTold() {
    let twice = Self.two[0].with(\.name, "a/data/9").with(\.localName, "a/data.pkl")
    #expect(
      fault([Self.two[0], twice.with(\.place, 0)]) == .entry("a/data/9", .contradiction))
    let same = ZipBytes.Entry("b", [7]).with(\.place, 0)
    let inside = ZipBytes([ZipBytes.Entry("b", [7])]).bytes.prefix(32)
    let around = ZipBytes.Entry("a", Array(inside))
    #expect(fault([around, same.with(\.place, 31)]) == .entry("b", .overlap(with: "a")))
  }

  @Test func faultsOfTheEndAreTold() {
    let bytes = ZipBytes(Self.two).bytes
    #expect(fault(bytes.dropLast()) == .archive(.noDirectory))
    #expect(fault(bytes + [0]) == .archive(.noDirectory))
    #expect(fault([0] + bytes) == .archive(.noDirectory))
    #expect(fault([]) == .archive(.noDirectory))
    var broken = bytes
    let second = bytes.count - 22 - 46 - "a/data/0".utf8.count
    broken[second] ^= 0xFF
    #expect(fault(broken) == .archive(.brokenDirectory(offset: second)))
    // Fewer entries than there are, and more.
    for (count, end) in [(1, bytes.count - 22 - 54), (3, bytes.count - 22)] {
      var counted = bytes
      for offset in [12, 14] { counted[bytes.count - offset] = UInt8(count) }
      #expect(fault(counted) == .archive(.brokenDirectory(offset: end)))
    }
  }

  /// ZIP64's end record may say the same, as PyTorch's does, and nothing else.
  @Test(arguments: [nil, 24, 32, 40, 48, 64]) func zip64(damaged: Int?) {
    let plain = ZipBytes(Self.two).bytes
    let directory = plain.count - 22
    let start = Self.two.reduce(0) { $0 + 30 + $1.name.utf8.count + $1.data.count }
    var record = Array("PK\u{6}\u{6}".utf8) + PickleBytes.integer(UInt64(44))
    record += [UInt8](repeating: 0, count: 12)
    for value in [2, 2, directory - start, start] { record += PickleBytes.integer(UInt64(value)) }
    record += Array("PK\u{6}\u{7}".utf8) + PickleBytes.integer(UInt32(0))
    record += PickleBytes.integer(UInt64(directory)) + PickleBytes.integer(UInt32(1))
    if let damaged { record[damaged] ^= 1 }
    #expect(fault(Self.two, end: record) == (damaged == nil ? nil : .archive(.zip64)))
  }
}
