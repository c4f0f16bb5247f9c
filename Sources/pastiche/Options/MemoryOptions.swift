import ArgumentParser
import SystemFiles
import SystemPackage

/// The memory that is taken, and the place for what doesn't fit.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Memory to take at most, beside some 64M for the program: 512M, 2G, 70% of what the machine \
      or container has, or unlimited; a number alone is bytes; by default the smaller of 2G and 50%.
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

/// `512M`, `2G`, `2GiB`, `70%` or `unlimited`: K, M and G are powers of 1024, KB, MB and GB of 1000, and
/// per cent are of the machine's memory, or the container's.
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
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let suffix = argument.dropFirst(digits.count).lowercased()
    guard let number = Int(digits) else { return nil }
    if suffix == "%" {
      guard (1...100).contains(number) else { return nil }
      value = AvailableMemory.byteCount / 100 * number
      return
    }
    var unit = 1
    if let letter = suffix.first, let power = ["k", "m", "g", "t"].firstIndex(of: letter) {
      switch suffix.dropFirst() {
      case "", "ib": unit = 1 << (10 * (power + 1))
      case "b": unit = (0...power).reduce(1) { unit, _ in 1000 * unit }
      default: return nil
      }
    } else if !suffix.isEmpty {
      return nil
    }
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
