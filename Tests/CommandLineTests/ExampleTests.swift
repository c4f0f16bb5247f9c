import Foundation
import SystemPackage
import TestSupport
import Testing

/// `Tests/Example`, a program that paints with the library in twenty lines.
@Suite(.deadline(minutes: 2)) struct ExampleTests {
  private static let package = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Example")

  /// A photograph, and what `pastiche` makes of it.
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("photo.png", width: 40, height: 30)
    #expect(try folder.run("photo.png", "-o", "own.png", "-m", "ink").status == 0)
    return folder
  }

  private func expectPainting(by example: FilePath, _ folder: Folder) throws {
    let style = try TestStyles.shared.get().file("ink")
    let run = try folder.start(["\(style)", "photo.png", "painting.png"], of: example).wait()
    #expect(run.status == 0 && run.errors == "")
    #expect(run.output.hasPrefix("photo.png → painting.png done"))
    #expect(try folder.image("painting.png") == folder.image("own.png"))
  }

  @Test func paintsWhatTheCommandPaints() throws {
    try expectPainting(by: Program.built.appending("Example"), folder())
  }

  @Test func isTwentyLines() throws {
    let source = Self.package.appending("Sources/Example/main.swift")
    let lines = try String(contentsOfFile: source.string, encoding: .utf8).split(separator: "\n")
    #expect(lines.count <= 20)
  }

  /// As a package of its own, which depends on this one by its path, built anew in minutes: where
  /// `PASTICHE_EXAMPLE` names a directory for that.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["PASTICHE_EXAMPLE"] != nil),
    .deadline(minutes: 60)) func isBuiltAsAPackageOfItsOwn() throws
  {
    let build = try #require(ProcessInfo.processInfo.environment["PASTICHE_EXAMPLE"])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(command("swift")).string)
    process.arguments = [
      "build", "--package-path", Self.package.string, "--scratch-path", build,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    try expectPainting(by: FilePath(build).appending("debug").appending("Example"), folder())
  }
}
