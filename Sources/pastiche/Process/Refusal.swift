/// Why a command does nothing at all: said on standard error, and the process ends with 2.
struct Refusal: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
