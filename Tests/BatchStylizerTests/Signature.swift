/// The first bytes of files, which are all that a plan reads of them.
enum Signature {
  static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0]
  static let text: [UInt8] = Array("no image".utf8)
}
