import ArgumentParser

/// Reads a share of something: `0.7` or `70%`.
///
/// - Throws: A usage error where it is neither.
@Sendable func share(_ text: String) throws -> Double {
  let isPerCent = text.last == "%"
  guard let number = Double(isPerCent ? text.dropLast() : text[...]) else {
    throw ValidationError("a number such as 0.7, or 70%, not '\(printable(text))'")
  }
  return isPerCent ? number / 100 : number
}
