import SystemPackage
import Testing

@testable import BatchStylizer

@Suite struct ShardTests {
  /// Names as cameras give them are no worse shared out than by lot: there shares of 1,600 pictures among
  /// 8 lie within 200 ± 5 deviations, of 13.
  @Test(arguments: ["IMG_", "", "2026-11-27 at ", "a/b/DSC0"])
  func numberedNamesAreSharedOutEvenly(_ prefix: String) {
    let paths = (10_000..<11_600).map { FilePath("\(prefix)\($0).jpg") }
    for count in [2, 3, 8, 16] {
      let shares = (0..<count).compactMap { index in
        Shard(index, of: count).map { shard in paths.count { shard.contains($0) } }
      }
      #expect(shares.reduce(0, +) == paths.count)
      let even = Double(paths.count) / Double(count)
      let deviation = (even * (1 - 1 / Double(count))).squareRoot()
      for share in shares { #expect(abs(Double(share) - even) < 5 * deviation, "\(shares)") }
    }
  }

  /// A share once given out stays what it is, on any machine and from one version to the next.
  @Test func theHashIsKept() {
    #expect(Shard.hash("a") == 0x5F29_C2AA_DD9B_8527)
    #expect(Shard.hash("A/b.PNG") == Shard.hash("a/B.jpeg"))
    #expect(Shard.hash(".a") != Shard.hash(".b"))
  }

  /// What an extension is, a path says; each picture is of one share.
  @Test(arguments: ["a.png", "a", "a.b.png", "x.y/a", "x.y/a.png", ".a", ".a.png", "x/..png", "a."])
  func anExtensionDoesNotCount(_ name: String) {
    let path = FilePath(name)
    var other = path
    if other.extension != nil { other.extension = "JPEG" }
    #expect(Shard.hash(path) == Shard.hash(other))
    #expect(Shard.hash(path) != Shard.hash(other.appending("b")))
    #expect((0..<3).compactMap { Shard($0, of: 3) }.count { $0.contains(path) } == 1)
  }
}
