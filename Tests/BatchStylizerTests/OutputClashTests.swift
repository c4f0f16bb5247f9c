import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

@Suite struct OutputClashTests {
  @Test func causeIsWhatWouldHaveThemApart() throws {
    let folder = try TemporaryFolder()
    try folder.file("x/a.png", holding: Signature.png)
    try folder.file("x/a.jpg", holding: Signature.jpeg)
    try folder.file("x/b.jpg", holding: Signature.png)
    try folder.file("x/b.png", holding: Signature.png)
    try folder.file("y/z/a.png", holding: Signature.png)
    func cause(_ inputs: String..., format: BatchPlan.Format) -> OutputClash.Cause {
      OutputClash("out", inputs.map { folder[$0] }).cause(format)
    }
    #expect(cause("x/a.png", "x/a.jpg", format: .png) == .format)
    // Kept, the one would still be written as the other.
    #expect(cause("x/b.jpg", "x/b.png", format: .jpeg) == .name)
    #expect(cause("x/b.jpg", "x/b.png", format: .keep) == .name)
    #expect(
      cause("x/a.png", "y/z/a.png", format: .png) == .directories(below: folder.path))
  }
}
