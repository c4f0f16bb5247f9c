/// The reason why a command does nothing at all: said on standard error, and the process ends with
/// 2.
struct Refusal: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }

  /// An error that ends the command; a refusal stays what it is.
  init(_ error: any Error) {
    self = error as? Refusal ?? Refusal(pastiche.message(of: error))
  }
}
