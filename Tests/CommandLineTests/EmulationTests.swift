import SystemPackage
import TestSupport
import Testing

/// The same executable on processors of each level, by qemu's emulation.
@Suite(
  .enabled(if: BuiltPrograms.areX86, "these processors are x86-64"),
  .enabled(if: command("qemu-x86_64") != nil, "qemu-x86_64, of Debian's qemu-user, is needed"),
  .deadline(minutes: 5))
struct EmulationTests {
  @Test(arguments: [("Nehalem", "baseline"), ("Haswell", "avx2")])
  func anOlderProcessorGivesTheSamePicture(_ processor: String, _ kernels: String) throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 17, height: 13)
    let (executable, qemu) = (BuiltPrograms.fastest, try #require(command("qemu-x86_64")))
    let native = try folder.start(["a.png", "-o", "native.png"], of: executable).wait()
    #expect(native.status == 0)
    let emulated = try folder.start(
      ["-cpu", "\(processor)", "\(executable)", "a.png", "-o", "emulated.png"], of: qemu
    ).wait()
    #expect(emulated.status == 0, "\(emulated.errors)")
    let largest = try #require(
      try difference(folder.image("emulated.png"), folder.image("native.png")))
    #expect(largest <= 1)

    let named = try folder.start(
      [
        "-cpu", "\(processor)", "\(executable)", "benchmark", "--size", "8x8", "--rounds", "1",
        "--json",
      ], of: qemu
    ).wait()
    #expect(named.output.contains("\"kernels\":\"\(kernels)\""))
  }
}
