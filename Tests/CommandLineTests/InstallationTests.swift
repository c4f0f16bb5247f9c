import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// `.ci/package`, with a `swift` that has built already: what is under test here in place of a static
/// release.
@Suite(
  .enabled(if: command("strip") != nil && command("gzip") != nil, "binutils and gzip are there"),
  .deadline(minutes: 5)) struct InstallationTests
{
  private static let package = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  /// A folder with a clone that has nothing to build, and that `swift`.
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.directory("clone/.ci")
    for name in [".ci/package", "Models", "SampleImages", "LICENSE"] {
      try folder.link("clone/\(name)", to: Self.package.appending(name).string)
    }
    try folder.script("clone/.ci/install", "exit 0")
    try folder.script(
      "tools/swift",
      """
      for product; do :; done
      release=\(folder.path)/clone/.build/package/release
      mkdir -p $release
      case $product in
      pastiche) cp \(Program.executable) $release ;;
      *)
        echo '#!/bin/sh' >$release/$product
        echo 'echo ".TH $(basename "$1")" >"$3/pastiche.1"' >>$release/$product
        chmod +x $release/$product
        ;;
      esac
      """)
    return folder
  }

  private func package(_ arguments: Program.Argument..., in folder: Folder) throws -> Ended {
    // By its own name, that of a link, the script finds the clone.
    try folder.start(
      ["clone/.ci/package"] + arguments, of: "/bin/sh",
      environment: ["PATH": "\(folder.path)/tools:/usr/bin:/bin"]
    ).wait()
  }

  /// Paints with an installed program and a style that came along.
  private func expectPainting(by program: String, in folder: Folder) throws {
    try folder.picture("photo.png", width: 32, height: 32)
    let run = try folder.start(
      ["photo.png", "-o", "painting.png", "-m", "udnie", "--overwrite"],
      of: folder.path.pushing(FilePath(program)), environment: ["PASTICHE_MODELS": ""]
    ).wait()
    #expect(run.status == 0, "\(run.errors)")
    let models = try folder.start(
      ["models", "-v"], of: folder.path.pushing(FilePath(program)),
      environment: ["PASTICHE_MODELS": ""]
    ).wait()
    #expect(models.output.contains("udnie"))
    #expect(models.errors.contains("looked in"))
  }

  private static let places = [
    "bin/pastiche", "share/bash-completion/completions/pastiche", "share/doc/pastiche/copyright",
    "share/fish/vendor_completions.d/pastiche.fish", "share/man/man1/pastiche.1.gz",
    "share/pastiche/Models/udnie.safetensors", "share/pastiche/SampleImages/island.jpg",
    "share/zsh/site-functions/_pastiche",
  ]

  @Test func whatIsInstalledRunsAndIsTakenAwayAgain() throws {
    let folder = try folder()
    try folder.file("prefix/bin/other", [1])
    let made = try package("install", "prefix", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("installed: \(folder.path)/prefix/bin/pastiche"))
    #expect(made.output.contains("put \(folder.path)/prefix/bin into PATH"))
    let files = folder.files(in: "prefix")
    for place in Self.places { #expect(files.contains(place), "\(place)") }
    try expectPainting(by: "prefix/bin/pastiche", in: folder)

    let taken = try package("uninstall", "prefix", in: folder)
    #expect(taken.status == 0 && taken.errors == "")
    #expect(folder.files(in: "prefix") == ["bin/other"])
    #expect(!folder.exists("prefix/share"))
  }

  @Test func anArchiveRunsWhereItIsUnpacked() throws {
    let folder = try folder()
    let made = try package("tar", ".", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let archive = try #require(folder.files(in: "").first { $0.hasSuffix(".tar.gz") })
    #expect(archive.hasPrefix("pastiche-") && made.output.contains(archive))
    let unpacked = try folder.start(["-xzf", .init(stringLiteral: archive)], of: "/bin/tar").wait()
    #expect(unpacked.status == 0)
    let name = String(archive.dropLast(".tar.gz".count))
    try expectPainting(by: "\(name)/bin/pastiche", in: folder)
  }

  /// As in a directory that `chroot` makes the root: nothing tells a process of itself.
  @Test(
    .enabled(
      if: SmallDisk.isPossible && command("unshare") != nil, "only root can take /proc away"))
  func whatIsInstalledRunsWithoutProc() throws {
    let folder = try folder()
    let made = try package("install", "prefix", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    try folder.picture("photo.png", width: 32, height: 32)
    // A style that isn't where the program was built.
    try TestStyles.style("own", seed: 9)
      .write(
        to: folder.path.appending("prefix/share/pastiche/Models/own.safetensors"), replacing: false)
    let run = try folder.start(
      [
        "--mount", "/bin/sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh",
        "prefix/bin/pastiche", "photo.png", "-o", "painting.png", "-m", "own",
      ], of: #require(command("unshare")), environment: ["PASTICHE_MODELS": ""]
    ).wait()
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.image("painting.png").width == 32)
  }

  @Test func anythingElseIsExplained() throws {
    let folder = try folder()
    for arguments: [Program.Argument] in [[], ["remove"], ["install", "a", "b"]] {
      let run = try folder.start(["clone/.ci/package"] + arguments, of: "/bin/sh").wait()
      #expect(run.status == 64)
      #expect(run.errors.contains(".ci/package install [PREFIX]"))
    }
  }
}
