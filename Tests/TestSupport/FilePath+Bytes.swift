import Foundation
import SystemPackage

extension FilePath {
  /// What the file holds.
  public var bytes: [UInt8] {
    get throws { try [UInt8](Data(contentsOf: URL(fileURLWithPath: string))) }
  }
}
