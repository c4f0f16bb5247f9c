import Testing

@testable import ImageFiles

struct ImageFormatTests {
  @Test(arguments: [
    ("png", ImageFormat.png), ("PNG", .png), ("jpg", .jpeg), ("JPEG", .jpeg), ("jfif", .jpeg),
    ("Jpe", .jpeg), ("apng", .png), ("gif", nil), ("", nil), (".png", nil),
  ])
  func extensionsNameFormats(_ name: String, _ format: ImageFormat?) {
    #expect(ImageFormat(fileExtension: name) == format)
  }

  @Test func sentencesNameThemAll() {
    #expect(ImageFormat.extensionList == ".png, .apng, .jpg, .jpeg, .jpe or .jfif")
  }

  @Test func signaturesNameFormats() {
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    #expect(ImageFormat(signature: png) == .png)
    #expect(ImageFormat(signature: png.dropLast()) == nil)
    #expect(ImageFormat(signature: [0xFF, 0xD8, 0xFF, 0xE0] as [UInt8]) == .jpeg)
    #expect(ImageFormat(signature: [0xFF, 0xD8] as [UInt8]) == nil)
    #expect(ImageFormat(signature: [] as [UInt8]) == nil)
  }
}
