extension UInt8 {
  /// Writes two hexadecimal digits.
  public func hexadecimal(uppercase: Bool = false) -> String {
    (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: uppercase)
  }
}
