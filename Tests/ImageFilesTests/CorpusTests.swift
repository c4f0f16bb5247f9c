import Foundation
import SystemPackage
import Testing

@testable import ImageFiles

/// Every file of other libraries' test suites, where `PASTICHE_SHARED` names the folder that has them.
@Suite(.enabled(if: corpus != nil))
struct CorpusTests {
  /// Neither a crash nor a hang, and what decodes strictly decodes to the same when damage is kept.
  @Test func everyFileIsReadOrRefused() throws {
    let folder = try #require(corpus)
    var decoded = 0
    let files = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    for case let url as URL in try #require(files) where !url.hasDirectoryPath {
      let path = FilePath(url.path)
      let strict = try? Image(reading: ImageFile.open(path))
      let kept = try? Image(reading: ImageFile.open(path, damaged: .keep))
      if let strict {
        decoded += 1
        #expect(kept == strict, "\(path)")
      }
    }
    #expect(decoded >= 400)
  }
}

private let corpus = ProcessInfo.processInfo.environment["PASTICHE_SHARED"].map {
  URL(fileURLWithPath: $0).appendingPathComponent("data/corpus")
}
