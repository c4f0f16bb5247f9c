import ArgumentParser
import SystemFiles
import SystemPackage

/// The memory that is taken, and the place for what doesn't fit.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Memory to take at most, beside 64M: a number with K, M or G, or unlimited; by default the \
      smaller of 2G and half of what the machine or container has.
      """, valueName: "size"))
  var memory: ByteCount?

  @Option(
    help: ArgumentHelp(
      "Where what doesn't fit in memory goes; by default $TMPDIR or /var/tmp, whichever is on disk.",
      valueName: "dir"))
  var scratch: PathArgument?

  var byteCount: Int {
    memory?.value ?? min(Self.defaultLimit, AvailableMemory.byteCount / 2)
  }

  /// The memory that styles' weights may take: what is there beside counts, so that a network that is
  /// somewhat too large is refused with what it needs to paint.
  var ofWeights: Int {
    let (sum, overflows) = byteCount.addingReportingOverflow(64 << 20)
    return overflows ? .max : sum
  }

  private static let defaultLimit = 2 << 30

  var directory: FilePath? { scratch?.path }

  /// The choice in words.
  var summary: String {
    let half = AvailableMemory.byteCount / 2
    let reason =
      memory != nil
      ? "" : half < Self.defaultLimit ? " (half of what there is)" : " (the default)"
    let place: String
    do throws(ScratchFileError) {
      if let directory {
        place = printable(directory)
      } else {
        place = printable(try ScratchDirectory.standard())
      }
    } catch {
      place = "none: \(error.message)"
    }
    return "memory: \(ByteCount(byteCount))\(reason), scratch: \(place)"
  }
}

/// `512M`, `2G` or `unlimited`: K, M and G are powers of 1024.
struct ByteCount: ExpressibleByArgument, CustomStringConvertible {
  /// The number of bytes; `Int.max` for unlimited.
  let value: Int

  init(_ value: Int) {
    self.value = value
  }

  init?(argument: String) {
    if argument == "unlimited" {
      value = .max
      return
    }
    var digits = Substring(argument)
    var unit = 1
    if let suffix = digits.last?.uppercased(), let index = ["K", "M", "G"].firstIndex(of: suffix) {
      unit = 1 << (10 * (index + 1))
      digits.removeLast()
    }
    guard !digits.isEmpty, digits.allSatisfy(\.isASCII), digits.allSatisfy(\.isNumber),
      let number = Int(digits)
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    guard number > 0, !overflow else { return nil }
    value = product
  }

  /// The count as it can be typed.
  var defaultValueDescription: String {
    let unit = [30, 20, 10].first { value.isMultiple(of: 1 << $0) }
    return value == .max
      ? "unlimited" : unit.map { "\(value >> $0)\(["K", "M", "G"][$0 / 10 - 1])" } ?? "\(value)"
  }

  /// The count in words: `512M`, or `1.4G`.
  var description: String {
    if value == .max { return "unlimited" }
    let mega = Double(value) / Double(1 << 20)
    return mega < 1024 ? "\(decimals(mega.rounded(.up), 0))M" : "\(decimals(mega / 1024, 1))G"
  }
}
