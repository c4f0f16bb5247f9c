import Glibc

/// Numbers in rows and columns, for a terminal.
public struct Table: Equatable, Sendable {
  public var headings: [String]
  public var rows: [[String]]

  package init(headings: [String], rows: [[String]]) {
    self.headings = headings
    self.rows = rows
  }

  /// The first column stands left, the others right.
  public var text: String {
    let lines = [headings] + rows
    let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
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
