/// Writes `value` with so many digits after the point.
func decimals(_ value: Double, _ digits: Int) -> String {
  // Beyond that a Double has no digits after the point, and is too much for an Int.
  guard value.magnitude < 1e15 else { return "\(value)" }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let rounded = (value.magnitude * scale).rounded()
  let whole = (rounded / scale).rounded(.down)
  let fraction = String(Int(rounded - whole * scale))
  let padding = String(repeating: "0", count: digits - min(digits, fraction.count))
  return (value < 0 ? "-" : "") + "\(Int(whole))" + (digits > 0 ? ".\(padding)\(fraction)" : "")
}

/// A time for people: `4.2 s`, `3:07`, `1:02:45`.
func duration(_ seconds: Double) -> String {
  if seconds < 60 { return decimals(seconds, 1) + " s" }
  let whole = Int(seconds.rounded())
  let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
}

/// How fast pictures are done, in words: pictures a second, or where that is less than one, seconds a
/// picture.
func pace(_ rate: Double) -> String {
  rate < 1 ? "\(duration(1 / rate)) a picture" : "\(decimals(rate, 2)) pictures/s"
}
