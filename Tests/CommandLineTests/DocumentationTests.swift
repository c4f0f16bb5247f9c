import Foundation
import SystemPackage
import TestSupport
import Testing

/// What DocC makes of the modules: pages without a warning, so that every link leads somewhere, and
/// parameters are documented all or none.
@Suite(.deadline(minutes: 5)) struct DocumentationTests {
  private static let package = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  /// Those of Swift that others import.
  private static let modules: [String] = {
    let sources = package.appending("Sources").string
    let names = (try? FileManager.default.contentsOfDirectory(atPath: sources)) ?? []
    return names.sorted().filter { name in
      name != "pastiche" && !name.hasPrefix("C") && !name.hasPrefix("Kernels")
    }
  }()

  /// The C modules among what was built, which the others' interfaces mention.
  private static let moduleMaps: [String] = {
    let own = ["CColorManagement", "CImageCodecs"].map {
      package.appending("Sources").appending($0).appending("include")
    }
    let made = ["CKernelArguments", "CPUFeatures", "CSystemFiles"].map {
      Program.built.appending("\($0).build")
    }
    let system = Program.built.removingLastComponent().removingLastComponent()
      .appending("checkouts/swift-system/Sources/CSystem/include")
    return (own + made + [system]).flatMap {
      ["-Xcc", "-fmodule-map-file=\($0.appending("module.modulemap"))"]
    }
  }()

  @Test(.enabled(if: command("docc") != nil, "the toolchain has DocC"), arguments: modules)
  func aModuleIsDocumentedWithoutAWarning(_ module: String) throws {
    let folder = try Folder()
    for name in ["symbols", "pages"] { try folder.directory(name) }
    func run(_ name: String, _ arguments: [String]) throws -> Ended {
      try folder.start(
        arguments.map { Program.Argument(Array($0.utf8)) }, of: #require(command(name))
      ).wait()
    }
    let extracted = try run(
      "swift",
      [
        "symbolgraph-extract", "-module-name", module, "-output-dir", "symbols",
        "-I", Program.built.appending("Modules").string, "-minimum-access-level", "public",
        "-target", Self.target,
      ] + Self.moduleMaps)
    #expect(extracted.status == 0, "\(extracted.errors)")
    let catalog = Self.package.appending("Sources/\(module)/\(module).docc").string
    let converted = try run(
      "docc",
      ["convert"] + (FileManager.default.fileExists(atPath: catalog) ? [catalog] : [])
        + [
          "--additional-symbol-graph-dir", "symbols", "--fallback-display-name", module,
          "--fallback-bundle-identifier", module, "--output-path", "pages/\(module).doccarchive",
          "--warnings-as-errors",
        ])
    #expect(
      converted.status == 0 && converted.errors == "", "\(converted.output)\(converted.errors)")
  }

  #if arch(x86_64)
    private static let target = "x86_64-unknown-linux-gnu"
  #else
    private static let target = "aarch64-unknown-linux-gnu"
  #endif
}
