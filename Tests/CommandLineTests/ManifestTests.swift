import Foundation
import SystemPackage
import TestSupport
import Testing

/// The README's drawing of the modules is the manifest's: who imports whom, arrows that follow from
/// others left out.
@Suite(.deadline(minutes: 2)) struct ManifestTests {
  private struct Package: Decodable {
    struct Target: Decodable {
      let name: String
      let type: String
      let path: String?
      let dependencies: [[String: [Name?]]]
    }

    /// A name, or whatever else stands in its place.
    struct Name: Decodable {
      let text: String?

      init(from decoder: any Decoder) throws {
        text = try? decoder.singleValueContainer().decode(String.self)
      }
    }

    let targets: [Target]
  }

  @Test(.enabled(if: command("swift") != nil, "the toolchain reads the manifest"))
  func modulesAreDrawnAsTheManifestHasThem() throws {
    let package = FilePath(#filePath).removingLastComponent().removingLastComponent()
      .removingLastComponent()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(command("swift")).string)
    process.arguments = [
      "package", "--package-path", package.string, "--ignore-lock", "dump-package",
    ]
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let manifest = try JSONDecoder().decode(Package.self, from: data)
    let targets = manifest.targets.filter { $0.type != "test" && $0.path == nil }
    let names = Set(targets.map(\.name))
    let imports = Dictionary(
      uniqueKeysWithValues: targets.map { target in
        let all = target.dependencies.flatMap { $0.values }.compactMap { $0.first??.text }
        return (target.name, Set(all).intersection(names))
      })
    func reached(from name: String) -> Set<String> {
      (imports[name] ?? []).reduce(into: []) { $0.formUnion(reached(from: $1).union([$1])) }
    }
    var lines: [String] = []
    for name in names.sorted() {
      let own = imports[name] ?? []
      let implied = own.reduce(into: Set<String>()) { $0.formUnion(reached(from: $1)) }
      lines += own.subtracting(implied).sorted().map { "  \(name) --> \($0)" }
    }
    let drawing = "```mermaid\ngraph TD\n" + lines.joined(separator: "\n") + "\n```\n"
    let readme = try String(contentsOfFile: package.appending("README.md").string, encoding: .utf8)
    #expect(readme.contains(drawing), "README.md should have this drawing:\n\(drawing)")
  }
}
