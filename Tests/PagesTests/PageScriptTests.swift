import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Pages

@Suite struct PageScriptTests {
  private static let node = ["/usr/bin/node", "/usr/local/bin/node"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Each as the page has it, so that two files of one script can't declare one name.
  @Test(
    .enabled(if: node != nil, "there is no node to check scripts with"), .deadline(minutes: 1),
    arguments: [PageScript.pictures, PageScript.statistics])
  func scriptIsAModule(_ script: HTML) throws {
    let folder = try TemporaryFolder()
    let file = folder["script.mjs"].string
    try Data(script.text.utf8).write(to: URL(filePath: file))
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.node))
    process.arguments = ["--check", file]
    let complaints = Pipe()
    process.standardError = complaints
    try process.run()
    let words = try complaints.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(String(decoding: words, as: UTF8.self))")
  }

  /// What would end the element that it stands in.
  @Test func scriptsAndStylesStayInTheirElements() {
    for text in [PageScript.pictures, PageScript.statistics, PageStyle.all].map(\.text) {
      #expect(!text.contains(#/<\/s(cript|tyle)|<!--/#))
      #expect(text.hasSuffix("}\n") || text.hasSuffix(";\n"))
    }
  }
}
