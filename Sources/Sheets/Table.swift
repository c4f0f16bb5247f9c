import Glibc

/// Text in rows and columns, for a terminal.
public struct Table: Equatable, Sendable {
  public var headings: [String]
  public var rows: [[String]]
  public var columns: [Column]
  /// The text between two columns.
  public var gap: String

  /// The way a column's cells stand in it.
  public struct Column: Equatable, Sendable {
    let isLeft: Bool
    /// The width in characters, pushed aside by longer cells; nil for the longest cell's.
    let width: Int?

    public static func left(_ width: Int? = nil) -> Column { Column(isLeft: true, width: width) }
    public static func right(_ width: Int? = nil) -> Column { Column(isLeft: false, width: width) }

    func cell(_ text: String, longest: Int) -> String {
      let space = String(repeating: " ", count: max(0, (width ?? longest) - text.count))
      return isLeft ? text + space : space + text
    }
  }

  /// - Parameters:
  ///   - headings: The columns' headings; none for a table without.
  ///   - rows: Cells, in as many columns at most as `columns` has.
  ///   - columns: The columns; by default the first stands left, the others right.
  ///   - gap: What stands between columns.
  public init(
    headings: [String], rows: [[String]], columns: [Column]? = nil, gap: String = "  "
  ) {
    self.headings = headings
    self.rows = rows
    self.columns = columns ?? headings.indices.map { $0 == 0 ? .left() : .right() }
    self.gap = gap
  }

  public var text: String { lines.joined(separator: "\n") }

  public var lines: [String] {
    let lines = headings.isEmpty ? rows : [headings] + rows
    let longest = columns.indices.map { column in
      lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return lines.map { line in
      line.indices.map { columns[$0].cell(line[$0], longest: longest[$0]) }.joined(separator: gap)
    }
  }

  /// Writes a number so that it can be read back: `3` or `0.3`.
  package static func shortest(_ value: Float) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A measured value: `0` for nothing at all, `1.7e-07`, `0.042`, `3.14`, `31.4` or `314`.
  package static func cell(_ value: Double) -> String {
    let size = value.magnitude
    guard size.isFinite, size > 0, size < 1e15 else { return size == 0 ? "0" : "\(value)" }
    if size < 0.001 {
      var exponent = Int(log10(size).rounded(.down))
      var mantissa = size * pow(10, Double(-exponent))
      if mantissa >= 9.95 { (mantissa, exponent) = (1, exponent + 1) }
      let power = exponent > -10 ? "0\(-exponent)" : "\(-exponent)"
      return (value < 0 ? "-" : "") + "\((mantissa * 10).rounded() / 10)e-\(power)"
    }
    let digits = size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0
    let scaled = String(Int((size * pow(10, Double(digits))).rounded()))
    let padded = String(repeating: "0", count: max(0, digits + 1 - scaled.count)) + scaled
    let number =
      digits == 0 ? padded : "\(padded.dropLast(digits)).\(padded.suffix(digits))"
    return (value < 0 ? "-" : "") + number
  }
}
