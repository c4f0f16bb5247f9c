import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// `PASTICHE_KERNELS` forces one instruction set.
@Suite(.deadline(minutes: 5)) struct KernelTests {
  @Test func nonsenseIsRefusedWithWhatThereIs() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(
      "a.png", "-o", "b.png", environment: ["PASTICHE_KERNELS": "nonsense"])
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("pastiche: PASTICHE_KERNELS is \"nonsense\"; on this processor"))
    #expect(run.errors.contains("baseline"))
    #expect(!folder.exists("b.png"))
  }

  @Test func allThatThereAreGiveOnePicture() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 61, height: 43)
    var images: [String] = []
    for kernels in ["baseline", "avx2", "avx512"] {
      let environment = ["PASTICHE_KERNELS": kernels]
      let run = try folder.run("a.png", "-o", "\(kernels).png", environment: environment)
      // What this processor lacks is refused.
      if run.status == 2, run.errors.contains("on this processor it can be") { continue }
      #expect(run.status == 0)
      images.append("\(kernels).png")
      let named = try folder.run(
        "benchmark", "--size", "8x8", "--rounds", "1", "--json", environment: environment)
      #expect(named.output.contains("\"kernels\":\"\(kernels)\""))
    }
    #expect(images.first == "baseline.png")
    for image in images {
      let largest = try #require(
        try difference(folder.image(image), folder.image("baseline.png")))
      #expect(largest <= 1)
    }
  }

  /// The kernels' rounding must not show (a constant channel's variance is 0).
  @Test(arguments: [0, 128, 255] as [UInt8]) func aPageOfOneColourStaysOne(_ sample: UInt8) throws {
    let folder = try Folder()
    for (width, height) in [(64, 64), (67, 131)] {
      let bytes = [UInt8](repeating: sample, count: 3 * width * height)
      try Folder.write(
        .init(width: width, height: height, pixels: .init(), bytes: bytes),
        folder.path.appending("\(width).png"), .png)
    }
    for kernels in ["baseline", "avx2", "avx512"] {
      let run = try folder.run(
        "64.png", "67.png", "-o", "\(kernels)", environment: ["PASTICHE_KERNELS": kernels])
      if run.status == 2, run.errors.contains("on this processor it can be") { continue }
      #expect(run.status == 0)
      for name in ["64.png", "67.png"] {
        let image = try folder.image("\(kernels)/\(name)")
        let first = Array(image.bytes.prefix(3))
        #expect(
          stride(from: 0, to: image.bytes.count, by: 3).allSatisfy {
            Array(image.bytes[$0..<$0 + 3]) == first
          })
      }
    }
  }
}
